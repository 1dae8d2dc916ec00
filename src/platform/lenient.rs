//! Decoding what platforms really send: ids as strings or numbers, one object where a list was promised.
//! Knows no platform. What is sent is built strictly, elsewhere.

use std::fmt;

use compact_str::{CompactString, ToCompactString};
use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A scalar on the wire, kept as the text it stands for: `"12"`, `12` and `true` all have one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Loose(pub CompactString);

impl Loose {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;
        impl Visitor<'_> for Scalar {
            type Value = Loose;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Loose, E> {
                Ok(Loose(CompactString::new(text)))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Loose, E> {
                Ok(Loose(number.to_compact_string()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Loose, E> {
                Ok(Loose(number.to_compact_string()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Loose, E> {
                Ok(Loose(number.to_compact_string()))
            }

            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Loose, E> {
                Ok(Loose(yes.to_compact_string()))
            }
        }
        deserializer.deserialize_any(Scalar)
    }
}

/// A list, or the one object that a platform sends instead of a list of one; `null` is an empty list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T>(pub Vec<T>);

impl<'de, T: de::DeserializeOwned> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany<T>(std::marker::PhantomData<T>);
        impl<'de, T: de::DeserializeOwned> Visitor<'de> for OneOrMany<T> {
            type Value = Rows<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of objects")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Rows<T>, A::Error> {
                let mut rows = Vec::with_capacity(seq.size_hint().unwrap_or(0));
                while let Some(row) = seq.next_element()? {
                    rows.push(row);
                }
                Ok(Rows(rows))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Rows<T>, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(|row| Rows(vec![row]))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Rows<T>, E> {
                Ok(Rows(Vec::new()))
            }
        }
        deserializer.deserialize_any(OneOrMany(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_as_strings_or_numbers() {
        let ids: Vec<Loose> = serde_json::from_str(r#"["12", 12, 18446744073709551615, -3]"#).unwrap();
        let texts: Vec<&str> = ids.iter().map(Loose::as_str).collect();
        assert_eq!(texts, ["12", "12", "18446744073709551615", "-3"]);
        assert_eq!(serde_json::from_str::<Option<Loose>>("null").unwrap(), None);
        assert!(serde_json::from_str::<Loose>("{}").is_err());
    }

    #[test]
    fn a_single_object_is_a_list_of_one() {
        #[derive(serde::Deserialize, Debug, PartialEq)]
        struct Row {
            n: u8,
        }
        let rows = |json: &str| serde_json::from_str::<Rows<Row>>(json).unwrap().0;
        assert_eq!(rows(r#"[{"n":1},{"n":2}]"#).len(), 2);
        assert_eq!(rows(r#"{"n":7}"#), [Row { n: 7 }]);
        assert!(rows("null").is_empty());
    }
}
