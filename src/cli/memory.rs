//! How much memory a scan takes for what it keeps, unless it is told.

use std::fs;

/// Two fifths of the bytes that are free now, on the machine and in the control group of this process; `None` where the system does not
/// tell.
pub(super) fn usual() -> Option<u64> {
    let free = [of_machine(), of_group()].into_iter().flatten().min()?;
    Some(free / 5 * 2)
}

/// Linux: what can be had without swapping (proc(5), `MemAvailable`).
fn of_machine() -> Option<u64> {
    available(&fs::read_to_string("/proc/meminfo").ok()?)
}

fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Linux, in a container: what is left of the group's bound (control groups version 2, `memory.max`, which may be `max`).
fn of_group() -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        let text = fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?;
        text.trim().parse().ok()
    };
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_free() {
        let told = "MemTotal:       24000000 kB\nMemFree:  1 kB\nMemAvailable:   20000000 kB\n";
        assert_eq!(available(told), Some(20_000_000 * 1024));
        assert_eq!(available("MemTotal: 5 kB\n"), None);
        assert_eq!(available("MemAvailable: much\n"), None);
    }
}
