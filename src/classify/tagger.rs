//! A linear tagger: sums the weights of features and finds the best row of labels.
//!
//! In: features of tokens, as numbers. Out: a label for each token. It knows no language; what the features are is told where they are made. The
//! weights are learned by `patterns/models/train.rs`, which shares this file, so it knows nothing of the crate. Whole numbers only: the same
//! text has the same labels everywhere.

/// How many labels there are: [`OTHER`], [`BEGIN`], [`INSIDE`], [`THING`].
pub(super) const LABELS: usize = 4;
/// No name.
pub(super) const OTHER: usize = 0;
/// First token of a person's name.
pub(super) const BEGIN: usize = 1;
/// A further token of a person's name.
pub(super) const INSIDE: usize = 2;
/// Of the name of a place, an organisation or a work.
pub(super) const THING: usize = 3;

/// A score for each label.
pub(super) type Scores = [i32; LABELS];

/// Weights of up to 256 features, summed for all labels at once.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    lanes: u64,
    features: i32,
}

impl Sum {
    /// The sum for each label.
    pub(super) fn scores(self) -> Scores {
        debug_assert!(self.features <= 256);
        std::array::from_fn(|label| {
            i32::from((self.lanes >> (16 * label)) as u16) - 128 * self.features
        })
    }
}

/// What may not be.
const NEVER: i32 = -1_000_000;

/// Learned weights: for each slot of hashed features a signed byte per label, after a head of sixteen pairs of bytes for the neighbours of labels.
#[derive(Clone, Copy)]
pub(super) struct Model<'m> {
    head: &'m [u8; HEAD],
    /// A power of two of them.
    weights: &'m [[u8; LABELS]],
}

/// Bytes before the weights: what each label adds behind each.
pub(super) const HEAD: usize = LABELS * LABELS * 2;

impl<'m> Model<'m> {
    /// Weights as the trainer wrote them: a power of two of slots.
    pub(super) const fn read(bytes: &'m [u8]) -> Self {
        let Some((head, weights)) = bytes.split_first_chunk() else {
            panic!("a model is longer than its head");
        };
        let (weights, []) = weights.as_chunks() else {
            panic!("a model has a weight for each label");
        };
        assert!(weights.len().is_power_of_two());
        Self { head, weights }
    }

    /// Adds the weights of a feature.
    #[inline]
    pub(super) fn add(&self, feature: u32, to: &mut Sum) {
        let b = self.weights[feature as usize & (self.weights.len() - 1)];
        // From -128..=127 to 0..=255, then each byte to a lane of 16 bits: no lane runs over into the next within 256 features.
        let bytes = u64::from(u32::from_le_bytes(b) ^ 0x8080_8080);
        let pairs = (bytes | bytes << 16) & 0x0000_FFFF_0000_FFFF;
        to.lanes += (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF;
        to.features += 1;
    }

    /// What a label adds behind another.
    pub(super) fn steps(&self) -> [Scores; LABELS] {
        let mut steps = [[0; LABELS]; LABELS];
        for (at, step) in steps.iter_mut().flatten().enumerate() {
            *step = i32::from(i16::from_le_bytes([
                self.head[at * 2],
                self.head[at * 2 + 1],
            ]));
        }
        steps
    }
}

/// Mixes the parts of a feature into its number.
#[inline]
pub(super) fn feature(template: u32, a: u32, b: u32) -> u32 {
    let mut h = u64::from(a) << 32 | u64::from(b);
    h = (h ^ u64::from(template).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (h >> 32) as u32 ^ (h >> 13) as u32
}

/// The labels that score best together, and their score. `allowed` tells for a token the labels it may have, as bits.
pub(super) fn best<const N: usize>(
    scores: &[Scores],
    steps: &[Scores; LABELS],
    allowed: impl Fn(usize) -> u8,
) -> ([u8; N], i32) {
    let mut from = [[0u8; LABELS]; N];
    let mut now = [NEVER; LABELS];
    let mut before = OTHER;
    for (at, score) in scores.iter().enumerate().take(N) {
        let mut next = [NEVER; LABELS];
        for label in (0..LABELS).filter(|&label| allowed(at) >> label & 1 == 1) {
            for (last, &sum) in now.iter().enumerate() {
                let sum = match at {
                    0 if last != before => continue,
                    0 => 0,
                    _ => sum,
                };
                if label == INSIDE && !(at > 0 && matches!(last, BEGIN | INSIDE)) {
                    continue;
                }
                let sum = sum + steps[last][label] + score[label];
                if sum > next[label] {
                    next[label] = sum;
                    from[at][label] = last as u8;
                }
            }
        }
        now = next;
    }
    let n = scores.len().min(N);
    before = (0..LABELS)
        .max_by_key(|&label| (now[label], LABELS - label))
        .unwrap_or(OTHER);
    let total = now[before];
    let mut labels = [OTHER as u8; N];
    for at in (0..n).rev() {
        labels[at] = before as u8;
        before = usize::from(from[at][before]);
    }
    (labels, total)
}

/// The names in a row of labels: first token and end.
pub(super) fn names(labels: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    (0..labels.len())
        .filter(|&at| labels[at] == BEGIN as u8)
        .map(|from| {
            let more = labels[from + 1..]
                .iter()
                .take_while(|&&label| label == INSIDE as u8)
                .count();
            (from, from + 1 + more)
        })
}
