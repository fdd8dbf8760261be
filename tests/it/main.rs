//! The integration tests: one binary, one module for each thing that is proved.

#![expect(clippy::unwrap_used, reason = "a test may say that something is there")]
#![expect(clippy::print_stdout, reason = "truth prints what was reached")]

mod against;
mod against_sql;
mod apart;
mod archives;
mod blocks;
mod called;
mod canary;
mod cells;
mod chats;
mod cli;
mod columns;
mod completed;
mod copies;
mod explain;
mod farm_shop;
mod formats;
mod forms;
mod fuzz;
mod golden;
mod hostile;
mod hostile_containers;
mod labels;
mod laws;
mod ldap;
mod licences;
mod losses;
mod memory;
mod message_ids;
mod named;
mod notes;
mod numbers;
mod office;
mod outlook;
mod parties;
mod patterns;
mod people;
mod plant;
mod planted;
mod programs;
mod review;
mod run;
mod same;
mod samples;
mod schema;
mod several;
mod sheet;
mod sorts;
mod split;
mod stores;
mod systems;
mod tables;
mod tidy;
mod truth;
