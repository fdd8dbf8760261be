//! Where a person lives, as far as a record says it: a prefecture, a state, a country.

use super::{Field, KindIds, normal};
use crate::pattern::region::{self, Region};
use crate::pattern::{Part, Role};

/// A region and what says so: an address is surer than a postal code, and that than a phone number. 0 is unknown; of two the
/// greater is the surer one, so that the order in which equal records come does not show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Area(u16);

/// What says where somebody lives.
#[derive(Clone, Copy)]
enum By {
    Phone = 1,
    PostalCode,
    Address,
}

const REGION_BITS: u32 = 13;

impl Area {
    fn new(region: Region, by: By) -> Self {
        Self(((by as u16) << REGION_BITS) | (region.index() + 1))
    }

    /// What it counts as where `of` takes its region for another, unknown where for none.
    pub(super) fn within(self, of: impl Fn(Region) -> Option<Region>) -> Self {
        match self.region().and_then(of) {
            Some(region) => Self((self.basis() << REGION_BITS) | (region.index() + 1)),
            None => Self::default(),
        }
    }

    /// How surely it is known; 0 for not at all.
    pub(super) fn basis(self) -> u16 {
        self.0 >> REGION_BITS
    }

    /// The region.
    pub(super) fn region(self) -> Option<Region> {
        let index = (self.0 & ((1 << REGION_BITS) - 1)).checked_sub(1)?;
        Region::from_index(index)
    }
}

/// Where the person of a role and slot lives.
pub(super) fn of(ids: &KindIds, fields: &[Field<'_>], role: Role, slot: u16) -> Area {
    let kind = |of| move |field: &&Field<'_>| Some(field.kind) == of;
    let own = || {
        let same = move |field: &&Field<'_>| (field.role, field.slot) == (role, slot);
        fields.iter().filter(same)
    };
    if let Some(region) = by_address(own().filter(kind(ids.address))) {
        return Area::new(region, By::Address);
    }
    let is_japanese = || fields.iter().any(|field| normal::is_cjk(field.value));
    if let Some(region) = by_postal_code(own().filter(kind(ids.postal_code)), &is_japanese) {
        return Area::new(region, By::PostalCode);
    }
    let by_phone = own().filter(kind(ids.phone)).find_map(|field| {
        let whole = !matches!(field.part, Part::First | Part::Second | Part::Third);
        whole
            .then(|| region::phone(field.value, is_japanese()))
            .flatten()
    });
    by_phone.map_or(Area::default(), |region| Area::new(region, By::Phone))
}

/// The pieces of an address decide together: the prefecture or state, the whole, the municipality, the country.
fn by_address<'a>(pieces: impl Iterator<Item = &'a Field<'a>>) -> Option<Region> {
    let (mut within, mut country) = (None, None);
    for piece in pieces {
        let value = piece.value;
        match piece.part {
            Part::Prefecture => within = region::subdivision(value).or(within),
            Part::Country => country = region::country(value),
            Part::Whole | Part::City | Part::Street if normal::is_cjk(value) => {
                within = within.or_else(|| region::japanese(value));
            }
            Part::Whole => within = within.or_else(|| region::western(value)),
            _ => {}
        }
    }
    match (within, country) {
        // CA is a state of one country and a canton, a province or nothing elsewhere.
        (Some(within), Some(country)) if within.country() != country => Some(country),
        (Some(within), _) => Some(within),
        (None, country) => country,
    }
}

fn by_postal_code<'a>(
    pieces: impl Iterator<Item = &'a Field<'a>>,
    is_japanese: &dyn Fn() -> bool,
) -> Option<Region> {
    let mut split = [""; 2];
    for piece in pieces {
        match piece.part {
            Part::First => split[0] = piece.value.trim(),
            Part::Second => split[1] = piece.value.trim(),
            _ => return region::postal(piece.value, is_japanese()),
        }
    }
    region::postal(&split.join("-"), false)
}
