//! Address ranges: literals are checked while compiling.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use crate::schema::{Kind, PropertyType, Set, Variables, canons};
use crate::value::{Text, Value};

/// An address range whose host bits are zero.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// assert_eq!(cidr!("10.20.0.0/16").to_string(), "10.20.0.0/16");
/// ```
///
/// ```compile_fail
/// use xat_infra::azure::prelude::*;
/// let range = cidr!("10.20.0.1/16");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

/// What is wrong with a range.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CidrProblem {
    /// Not of the form `a.b.c.d/n`.
    #[error("a range is written a.b.c.d/n, with four numbers of 0 to 255 and a prefix of 0 to 32")]
    Form,
    /// A bit behind the prefix is set.
    #[error("the range has host bits set: the address must be the first of the range")]
    HostBits,
}

impl Cidr {
    /// A literal IPv4 range. In a constant, a bad one does not compile: this is what [`cidr!`](crate::cidr) does.
    ///
    /// # Panics
    /// If the range is malformed. Use [`str::parse`] for ranges that are made while running.
    #[track_caller]
    #[expect(
        clippy::panic,
        reason = "it is evaluated in a constant, where a panic is a compile error"
    )]
    pub const fn literal(text: &str) -> Self {
        match parse_v4(text.as_bytes()) {
            Ok(range) => range,
            Err(CidrProblem::Form) => panic!("not an IPv4 range of the form a.b.c.d/n"),
            Err(CidrProblem::HostBits) => {
                panic!("the range has host bits set: write its first address")
            }
        }
    }

    /// The length of the prefix, in bits.
    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether it is a range of IP version 6.
    pub const fn is_v6(self) -> bool {
        matches!(self.address, IpAddr::V6(_))
    }

    /// Whether `other` lies wholly inside this range.
    pub fn contains(self, other: Cidr) -> bool {
        self.prefix <= other.prefix && self.truncated(self.prefix) == other.truncated(self.prefix)
    }

    /// Whether any address is in both ranges.
    pub fn overlaps(self, other: Cidr) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// The range of `prefix` bits, number `index` from the start, inside this one.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// assert_eq!(cidr!("10.20.0.0/16").subnet(24, 2), Some(cidr!("10.20.2.0/24")));
    /// ```
    pub fn subnet(self, prefix: u8, index: u32) -> Option<Cidr> {
        let IpAddr::V4(base) = self.address else { return None };
        if prefix < self.prefix || prefix > 32 || u64::from(index) >= 1 << (prefix - self.prefix) {
            return None;
        }
        let start = u64::from(u32::from(base)) + (u64::from(index) << (32 - prefix));
        let address = IpAddr::V4(Ipv4Addr::from(u32::try_from(start).ok()?));
        Some(Cidr { address, prefix })
    }

    /// The address number `index` of a range of version 4, counted from 0.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// let address = cidr!("10.20.4.0/28").address(4);
    /// assert_eq!(address.map(|address| address.to_string()).as_deref(), Some("10.20.4.4"));
    /// assert_eq!(cidr!("10.20.4.0/28").address(16), None);
    /// ```
    pub fn address(self, index: u32) -> Option<IpAddr> {
        self.subnet(32, index).map(|one| one.address)
    }

    fn truncated(self, prefix: u8) -> Option<(bool, u128)> {
        let (v6, bits, width) = match self.address {
            IpAddr::V4(a) => (false, u128::from(u32::from(a)), 32),
            IpAddr::V6(a) => (true, u128::from(a), 128),
        };
        let drop = u32::from(width - prefix.min(width));
        Some((v6, bits.checked_shr(drop).unwrap_or(0)))
    }
}

const fn parse_v4(text: &[u8]) -> Result<Cidr, CidrProblem> {
    let mut numbers = [0u32; 5];
    let mut at = 0;
    let mut digits = 0;
    let mut i = 0;
    while i < text.len() {
        let byte = text[i];
        if byte.is_ascii_digit() {
            numbers[at] = numbers[at] * 10 + (byte - b'0') as u32;
            digits += 1;
            if digits > 3 || (digits > 1 && numbers[at] < 10) {
                return Err(CidrProblem::Form);
            }
        } else {
            let separator = if at < 3 { b'.' } else { b'/' };
            if digits == 0 || at == 4 || byte != separator {
                return Err(CidrProblem::Form);
            }
            at += 1;
            digits = 0;
        }
        i += 1;
    }
    if at != 4 || digits == 0 || numbers[4] > 32 {
        return Err(CidrProblem::Form);
    }
    let mut bits = 0u32;
    let mut n = 0;
    while n < 4 {
        if numbers[n] > 255 {
            return Err(CidrProblem::Form);
        }
        bits = bits << 8 | numbers[n];
        n += 1;
    }
    let prefix = numbers[4];
    if prefix < 32 && bits << prefix != 0 {
        return Err(CidrProblem::HostBits);
    }
    Ok(Cidr { address: IpAddr::V4(Ipv4Addr::from_bits(bits)), prefix: prefix as u8 })
}

impl FromStr for Cidr {
    type Err = CidrProblem;

    fn from_str(text: &str) -> Result<Self, CidrProblem> {
        if !text.contains(':') {
            return parse_v4(text.as_bytes());
        }
        let (address, prefix) = text.split_once('/').ok_or(CidrProblem::Form)?;
        let address: std::net::Ipv6Addr = address.parse().map_err(|_| CidrProblem::Form)?;
        let prefix: u8 = prefix.parse().ok().filter(|p| *p <= 128).ok_or(CidrProblem::Form)?;
        if prefix < 128 && u128::from(address) << prefix != 0 {
            return Err(CidrProblem::HostBits);
        }
        Ok(Cidr { address: IpAddr::V6(address), prefix })
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Cidr {
    const KIND: &'static Kind = &Kind::Text(&canons::CIDR);
    fn into_value(self) -> Value {
        Value::from(self.to_string())
    }
    /// The macro takes ranges of IPv4 alone; a lone address is a range of one.
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let text = value.as_str()?;
        let text = if text.contains('/') { text.to_owned() } else { format!("{text}/32") };
        parse_v4(text.as_bytes()).ok().map(|_| format!("cidr!({text:?})"))
    }
}

impl From<Cidr> for Set<Cidr> {
    fn from(range: Cidr) -> Self {
        Set(vec![range])
    }
}

#[diagnostic::do_not_recommend]
impl From<Cidr> for Text {
    fn from(range: Cidr) -> Self {
        Text::from(range.to_string())
    }
}

/// An IPv4 range, checked while compiling. See [`Cidr`](crate::dsl::Cidr).
#[macro_export]
macro_rules! cidr {
    ($text:literal) => {{
        // A constant of its own is evaluated by `cargo check` too, which a `const` block is not.
        const RANGE: $crate::dsl::Cidr = $crate::dsl::Cidr::literal($text);
        RANGE
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_parse_contain_and_overlap() {
        let net: Cidr = "10.20.0.0/16".parse().unwrap();
        let apps: Cidr = "10.20.1.0/24".parse().unwrap();
        assert!(
            net.contains(apps) && !apps.contains(net) && net.overlaps(apps) && apps.overlaps(net)
        );
        assert!(!apps.overlaps("10.20.2.0/24".parse().unwrap()));
        assert!("0.0.0.0/0".parse::<Cidr>().unwrap().contains(net));
        assert!("fd00::/8".parse::<Cidr>().is_ok());
        for bad in [
            "10.20.0.0",
            "10.20.0.0/33",
            "10.20.0/16",
            "256.0.0.0/8",
            "01.0.0.0/8",
            "a/8",
            "",
            "1.2.3.4.5/8",
        ] {
            assert_eq!(bad.parse::<Cidr>(), Err(CidrProblem::Form), "{bad}");
        }
        assert_eq!("10.20.0.1/16".parse::<Cidr>(), Err(CidrProblem::HostBits));
        assert_eq!("fd00::1/8".parse::<Cidr>(), Err(CidrProblem::HostBits));
        assert_eq!(net.subnet(24, 256), None);
    }
}
