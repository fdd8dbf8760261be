//! RTF as Outlook keeps it: compressed ([MS-OXRTFCP]).
//!
//! In: a compressed body. Out: RTF; of a damaged one as much as can be had, which is why no crate does it: those that are
//! to be had give all or nothing.

/// Undoes the compression of RTF bodies ([MS-OXRTFCP]); gives what came out before a fault.
pub(super) fn inflate(raw: &[u8]) -> Vec<u8> {
    const FIRST: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
        \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
    let Some(header) = raw.first_chunk::<16>() else {
        return Vec::new();
    };
    if &header[8..12] == b"MELA" {
        return raw[16..].to_vec();
    }
    let declared = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
    // Seventeen bytes for two at the most.
    let longest = declared.min(raw.len().saturating_mul(9));
    let mut window = [0_u8; 4096];
    window[..FIRST.len()].copy_from_slice(FIRST);
    let (mut write, mut out, mut bytes) = (FIRST.len(), Vec::new(), raw[16..].iter().copied());
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= longest {
                return out;
            }
            let Some(byte) = bytes.next() else { return out };
            if control >> bit & 1 == 0 {
                window[write] = byte;
                write = (write + 1) % window.len();
                out.push(byte);
                continue;
            }
            let Some(low) = bytes.next() else { return out };
            let word = usize::from(byte) << 8 | usize::from(low);
            let (from, len) = (word >> 4, (word & 15) + 2);
            if from == write {
                return out;
            }
            for n in 0..len {
                let byte = window[(from + n) % window.len()];
                window[write] = byte;
                write = (write + 1) % window.len();
                out.push(byte);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rtf_is_inflated() {
        // The example of [MS-OXRTFCP] 3.1.1.
        let raw = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 3, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        assert_eq!(
            inflate(&raw),
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
        for len in 0..raw.len() {
            inflate(&raw[..len]);
        }
    }
}
