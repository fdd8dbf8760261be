//! Maps of files, and the guard that lets a mapped file shrink without ending the run.
//!
//! In: an open file. Out: its bytes in memory, and the first offset that was lost, if any. The only `unsafe` code of the
//! crate is here.
//!
//! Whoever must change this: reading a page of a map that lies past the file's end raises SIGBUS. The handler below runs on
//! the faulting thread, in the middle of any code, so it may only use atomics and system calls. It puts zero pages where
//! the lost ones were and notes the offset; the read then goes on and sees zeros. What was lost is reported by
//! [`Map::lost_at`]. A SIGBUS that is not ours is given back to whoever handled it before.

use std::fs::File;
use std::mem::MaybeUninit;
use std::ops::{Deref, Range};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use memmap2::{Mmap, MmapMut, MmapOptions};

/// Maps that may be guarded at one time; files beyond are read instead of mapped.
const SLOTS: usize = 1_024;
/// `Slot::start` of a slot that nobody uses.
const FREE: usize = 0;
/// `Slot::start` of a slot that is being filled; no map starts at address 1.
const CLAIMED: usize = 1;
/// `Slot::lost` while nothing is lost.
const NOTHING: usize = usize::MAX;

/// One guarded map: its addresses, and the first address that was lost.
struct Slot {
    start: AtomicUsize,
    end: AtomicUsize,
    lost: AtomicUsize,
}

impl Slot {
    const fn new() -> Self {
        Self {
            start: AtomicUsize::new(FREE),
            end: AtomicUsize::new(0),
            lost: AtomicUsize::new(NOTHING),
        }
    }
}

static REGISTRY: [Slot; SLOTS] = [const { Slot::new() }; SLOTS];
/// What handled SIGBUS before us, and the page size; `None` inside when the handler could not be installed.
static BEFORE: OnceLock<Option<(libc::sigaction, usize)>> = OnceLock::new();

/// A file mapped for reading.
pub(super) struct Map {
    // Declared before `map`, so that the slot is given back before the addresses are.
    slot: Option<Registration>,
    map: Mmap,
}

/// A slot of the registry that is ours until dropped.
struct Registration(&'static Slot);

impl Drop for Registration {
    fn drop(&mut self) {
        self.0.start.store(FREE, Ordering::Release);
    }
}

impl Map {
    /// Maps a file that others may cut short. `None` when the system refuses or every slot is taken: read it then.
    pub(super) fn guarded(file: &File) -> Option<Self> {
        installed()?;
        let map = map(file)?;
        let slot = register(map.as_ptr() as usize, map.len())?;
        Some(Self {
            slot: Some(slot),
            map,
        })
    }

    /// Maps a file that only this process can reach (an unlinked spool).
    pub(super) fn private(file: &File) -> Option<Self> {
        Some(Self {
            slot: None,
            map: map(file)?,
        })
    }

    /// The offset of the first page that was gone when it was read.
    pub(super) fn lost_at(&self) -> Option<u64> {
        let slot = self.slot.as_ref()?.0;
        let lost = slot.lost.load(Ordering::Acquire);
        (lost != NOTHING).then(|| (lost - slot.start.load(Ordering::Relaxed)) as u64)
    }
}

impl Deref for Map {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.map
    }
}

/// Maps a whole file for reading.
#[expect(unsafe_code, reason = "a map is only as stable as its file")]
fn map(file: &File) -> Option<Mmap> {
    // SAFETY: the bytes may change under us when another process writes to the file. Nothing here relies on them staying
    // the same: every reader checks bounds against the slice's length and never reads a byte as anything but a `u8`. Pages
    // that vanish are the handler's business (`Map::guarded`) or cannot vanish (`Map::private`).
    unsafe { Mmap::map(file) }.ok()
}

/// Maps a range of a file for the rest of the process, as bytes of its own: what is written to them stays here.
#[expect(unsafe_code, reason = "a map is only as stable as its file")]
pub(super) fn leaked(file: &File, range: Range<usize>) -> Option<&'static mut [u8]> {
    let mut options = MmapOptions::new();
    options.offset(range.start as u64).len(range.len());
    // SAFETY: as for `map`. Pages that vanish end the process with SIGBUS, which is one that reads this file and nothing else.
    let map = unsafe { options.map_copy(file) }.ok()?;
    let map: &'static mut MmapMut = Box::leak(Box::new(map));
    Some(map)
}

/// Takes a free slot for the addresses `start..start + len`.
fn register(start: usize, len: usize) -> Option<Registration> {
    let slot = REGISTRY.iter().find(|slot| {
        slot.start
            .compare_exchange(FREE, CLAIMED, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    })?;
    slot.end.store(start + len, Ordering::Relaxed);
    slot.lost.store(NOTHING, Ordering::Relaxed);
    slot.start.store(start, Ordering::Release);
    Some(Registration(slot))
}

/// Installs the handler once; `None` when that is not possible.
fn installed() -> Option<()> {
    BEFORE.get_or_init(install).as_ref().map(|_| ())
}

#[expect(
    unsafe_code,
    reason = "signal handlers are set through the C interface"
)]
fn install() -> Option<(libc::sigaction, usize)> {
    // SAFETY: `sysconf` has no preconditions.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) })
        .ok()
        .filter(|page| page.is_power_of_two())?;
    let mut before = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: an all-zero `sigaction` is valid (no flags, empty mask). `on_sigbus` has the signature that SA_SIGINFO asks
    // for and is async-signal-safe. `before` is written by a call that returned 0 before it is read.
    unsafe {
        let mut ours = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        ours.sa_sigaction = on_sigbus as *const () as usize;
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigemptyset(&mut ours.sa_mask);
        if libc::sigaction(libc::SIGBUS, &ours, before.as_mut_ptr()) != 0 {
            return None;
        }
        Some((before.assume_init(), page))
    }
}

/// Puts zero pages under a read of a guarded map that failed; gives every other SIGBUS back.
///
/// Async-signal-safe: atomics, `mmap`, `sigaction` and `raise` only. `errno` stays as it was, as calls that succeed do not set it.
#[expect(unsafe_code, reason = "a signal handler")]
extern "C" fn on_sigbus(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    _context: *mut libc::c_void,
) {
    // SAFETY: the kernel passes a valid `info` to a handler installed with SA_SIGINFO.
    let (address, sent) = unsafe { ((*info).si_addr() as usize, (*info).si_code <= 0) };
    if !sent && patch(address) {
        return;
    }
    // SAFETY: `before` is a complete action, from the kernel or all zero (the default action). A fault happens again as
    // soon as we return, under that action; a signal that somebody sent has to be sent again.
    unsafe {
        let zero = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        let before = BEFORE
            .get()
            .and_then(|before| before.as_ref())
            .map_or(&zero, |(action, _)| action);
        libc::sigaction(signal, before, std::ptr::null_mut());
        if sent {
            libc::raise(signal);
        }
    }
}

/// Maps zero pages from the page of `address` to the end of the guarded map that holds it; `false` when none does.
#[expect(unsafe_code, reason = "replaces pages at fixed addresses")]
fn patch(address: usize) -> bool {
    let Some(Some((_, page))) = BEFORE.get() else {
        return false;
    };
    for slot in &REGISTRY {
        let start = slot.start.load(Ordering::Acquire);
        let end = slot.end.load(Ordering::Relaxed);
        if start <= CLAIMED || !(start..end).contains(&address) {
            continue;
        }
        let from = address & !(page - 1);
        // SAFETY: `from..end` lies inside one map that we own: its slot is given back before it is unmapped, and the
        // faulting thread is reading it, so it is alive. Readers see the old bytes or zeros, both valid `u8`.
        let zeros = unsafe {
            libc::mmap(
                from as *mut libc::c_void,
                end - from,
                libc::PROT_READ,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
                -1,
                0,
            )
        };
        slot.lost.fetch_min(from, Ordering::AcqRel);
        return zeros != libc::MAP_FAILED;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::process::ExitStatusExt;

    fn file_of(len: usize) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![b'x'; len]).unwrap();
        file
    }

    #[test]
    fn reads_on_when_a_mapped_file_shrinks() {
        let file = file_of(1 << 20);
        let map = Map::guarded(&file).unwrap();
        assert_eq!(map[(1 << 20) - 1], b'x');
        assert_eq!(map.lost_at(), None);
        file.set_len(1 << 18).unwrap();
        assert_eq!(map.iter().filter(|&&byte| byte == b'x').count(), 1 << 18);
        assert_eq!(
            map.iter().filter(|&&byte| byte == 0).count(),
            (1 << 20) - (1 << 18)
        );
        assert_eq!(map.lost_at(), Some(1 << 18));
    }

    #[test]
    fn notes_the_lowest_offset_lost() {
        let file = file_of(1 << 20);
        let map = Map::guarded(&file).unwrap();
        file.set_len(0).unwrap();
        assert_eq!((map[900_000], map[70_000]), (0, 0));
        let lost_at = map.lost_at().unwrap();
        assert!(
            lost_at.is_multiple_of(4_096) && (4_464..=70_000).contains(&lost_at),
            "{lost_at}"
        );
    }

    #[test]
    fn slots_are_given_back() {
        let file = file_of(10);
        for _ in 0..3 * SLOTS {
            assert!(Map::guarded(&file).is_some());
        }
    }

    /// A SIGBUS that is not ours ends the process, as without the guard. The child is this test again.
    #[test]
    fn other_faults_keep_their_action() {
        const CHILD: &str = "LEAKSCOPE_TEST_SIGBUS";
        if std::env::var_os(CHILD).is_some() {
            let file = file_of(1 << 20);
            let _guarded = Map::guarded(&file);
            let map = Map::private(&file).unwrap();
            file.set_len(0).unwrap();
            std::hint::black_box(map[1 << 19]);
            return;
        }
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "source::guard::tests::other_faults_keep_their_action",
            ])
            .env(CHILD, "1")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.signal(), Some(libc::SIGBUS));
    }
}
