#!/bin/sh
# A reader that breaks down as the name of its source says.
case "$LEAKSCOPE_READ_APART" in
*aborts*) kill -ABRT $$ ;;
*overflows*) kill -SEGV $$ ;;
*killed*) kill -KILL $$ ;;
*hangs*)
    ulimit -S -t 1
    while :; do :; done
    ;;
*nonsense*) exec yes ;;
esac
