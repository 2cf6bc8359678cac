//! The times that PaySsam writes: digits in Korean time, without a zone.

use std::{error, fmt, str::FromStr};

use jiff::{Timestamp, Zoned, civil, tz};
use serde::{Deserialize, Serialize};

const KOREA: tz::Offset = tz::offset(9);

/// A second in Korean time (UTC+9; Korea has no daylight saving time).
///
/// Parsing takes the 14 digits `YYYYMMDDhhmmss` of the documentation and the 12 digits
/// `YYMMDDhhmmss` that were observed in the history of cash receipts, where the year is of this
/// century. It also takes RFC 3339, which `Display` writes.
///
/// ```
/// use payssam::KoreanTime;
///
/// let paid: KoreanTime = "20260102030405".parse()?;
/// assert_eq!(paid.to_string(), "2026-01-02T03:04:05+09:00");
/// assert_eq!(paid.timestamp().to_string(), "2026-01-01T18:04:05Z");
/// assert_eq!(paid, "260102030405".parse()?);
/// # Ok::<(), payssam::InvalidTime>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(with = "String", extend("format" = "date-time"))
)]
#[serde(try_from = "String", into = "String")]
pub struct KoreanTime(Timestamp);

impl KoreanTime {
    /// The second in which `instant` falls.
    pub fn from_timestamp(instant: Timestamp) -> Self {
        let begun_before = i64::from(instant.subsec_nanosecond() < 0);
        let second = Timestamp::from_second(instant.as_second() - begun_before);
        KoreanTime(second.unwrap_or(Timestamp::MIN))
    }

    /// The date and the time of day on a clock in Korea.
    pub fn civil(self) -> civil::DateTime {
        KOREA.to_datetime(self.0)
    }

    /// The instant on the universal time line.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The instant with its offset, +09:00.
    pub fn zoned(self) -> Zoned {
        self.0.to_zoned(tz::TimeZone::fixed(KOREA))
    }

    /// Reads RFC 3339, as long as PaySsam's digits can say the same.
    fn from_rfc_3339(text: &str) -> Result<Self, InvalidTime> {
        let instant: Timestamp = text
            .parse()
            .map_err(|_| InvalidTime("it is not digits only"))?;
        let time = KoreanTime::from_timestamp(instant);
        if time.civil().year() < 0 {
            return Err(InvalidTime("the year is out of range"));
        }
        Ok(time)
    }

    /// As PaySsam writes it: `YYYYMMDDhhmmss`. A year before 0, which can come only from
    /// [`from_timestamp`](KoreanTime::from_timestamp), has a sign.
    pub fn digits(self) -> String {
        let at = self.civil();
        format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }
}

impl FromStr for KoreanTime {
    type Err = InvalidTime;

    fn from_str(digits: &str) -> Result<Self, InvalidTime> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return KoreanTime::from_rfc_3339(digits);
        }
        let number = |from: usize, to: usize| digits[from..to].parse::<i16>().unwrap_or(-1);
        let (year, rest) = match digits.len() {
            14 => (number(0, 4), 4),
            12 => (2000 + number(0, 2), 2),
            _ => return Err(InvalidTime("it has neither 14 nor 12 digits")),
        };
        let part = |place: usize| number(rest + 2 * place, rest + 2 * place + 2) as i8;
        let civil = civil::DateTime::new(year, part(0), part(1), part(2), part(3), part(4), 0)
            .map_err(|_| InvalidTime("the day or the time of day does not exist"))?;
        KOREA
            .to_timestamp(civil)
            .map(KoreanTime)
            .map_err(|_| InvalidTime("the year is out of range"))
    }
}

impl fmt::Display for KoreanTime {
    /// RFC 3339 with the offset of Korea.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}+09:00", self.civil())
    }
}

impl fmt::Debug for KoreanTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl TryFrom<String> for KoreanTime {
    type Error = InvalidTime;

    fn try_from(text: String) -> Result<Self, InvalidTime> {
        KoreanTime::from_rfc_3339(&text)
    }
}

impl From<KoreanTime> for String {
    fn from(time: KoreanTime) -> String {
        time.to_string()
    }
}

/// Says why a text is not a time as PaySsam writes it. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTime(&'static str);

impl fmt::Display for InvalidTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "not a time in the form YYYYMMDDhhmmss or YYMMDDhhmmss: {}",
            self.0
        )
    }
}

impl error::Error for InvalidTime {}
