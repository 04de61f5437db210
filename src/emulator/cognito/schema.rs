//! A pool's schema: which attributes exist and which values they take (COGNITO.md 8).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::Exception;

/// A value's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DataType {
    String,
    Number,
    DateTime,
    Boolean,
}

/// `NumberAttributeConstraints`; the bounds are texts on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NumberConstraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) min_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_value: Option<String>,
}

/// `StringAttributeConstraints`; the bounds are texts on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StringConstraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) min_length: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_length: Option<String>,
}

/// `SchemaAttributeType`: one attribute as it is asked for and described.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SchemaAttribute {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attribute_data_type: Option<DataType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) developer_only_attribute: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mutable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) number_attribute_constraints: Option<NumberConstraints>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) string_attribute_constraints: Option<StringConstraints>,
}

/// One attribute of a pool, its bounds parsed.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// The full name with its prefix; users share this text.
    pub(crate) name: Arc<str>,
    pub(crate) required: bool,
    data_type: DataType,
    min: Option<f64>,
    max: Option<f64>,
    described: SchemaAttribute,
}

/// All attributes of a pool, standard ones first.
#[derive(Debug, Clone)]
pub(crate) struct Schema(Vec<Definition>);

/// The standard attributes that are texts of up to 2048 characters, in the order in which
/// `DescribeUserPool` lists them all; the others stand between them.
const STANDARD: [&str; 20] = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
];

/// Longest value of an attribute, in characters (COGNITO.md 8 \[M\]).
const VALUE_CHARS_MAX: u16 = 2048;
/// Custom attributes of a pool (COGNITO.md 8 \[D\]).
const CUSTOM_ATTRIBUTES_MAX: usize = 50;

impl Schema {
    /// The standard attributes, changed and extended as a pool's creation asks for.
    ///
    /// # Errors
    /// `InvalidParameterException` with the texts of COGNITO.md 8 \[T\].
    pub(crate) fn new(asked: &[SchemaAttribute]) -> Result<Self, Exception> {
        let mut definitions = Vec::with_capacity(STANDARD.len() + asked.len());
        for name in STANDARD {
            definitions.push(Definition::new(standard(name))?);
        }
        for attribute in asked {
            let name = attribute.name.clone().unwrap_or_default();
            if let Some(place) = STANDARD.iter().position(|standard| *standard == name) {
                definitions[place] = redefined(&definitions[place], attribute)?;
            } else {
                add_custom(&mut definitions, attribute)?;
            }
        }
        Ok(Self(definitions))
    }

    /// The schema with further custom attributes; a standard name is a custom one here.
    ///
    /// # Errors
    /// As [`Schema::new`].
    pub(crate) fn extended(&self, asked: &[SchemaAttribute]) -> Result<Self, Exception> {
        let mut definitions = self.0.clone();
        for attribute in asked {
            add_custom(&mut definitions, attribute)?;
        }
        Ok(Self(definitions))
    }

    /// The attribute with this full name.
    pub(crate) fn find(&self, name: &str) -> Option<&Definition> {
        self.0.iter().find(|definition| *definition.name == *name)
    }

    /// The attributes without which a user cannot be created, `sub` aside.
    pub(crate) fn required(&self) -> impl Iterator<Item = &Definition> {
        let given = |definition: &&Definition| definition.required && *definition.name != *"sub";
        self.0.iter().filter(given)
    }

    /// The schema as `DescribeUserPool` shows it.
    pub(crate) fn described(&self) -> Vec<SchemaAttribute> {
        self.0
            .iter()
            .map(|definition| definition.described.clone())
            .collect()
    }
}

impl Definition {
    fn new(described: SchemaAttribute) -> Result<Self, Exception> {
        let name = described.name.clone().unwrap_or_default();
        let data_type = described.attribute_data_type.unwrap_or(DataType::String);
        let bound = |text: Option<&String>, kind: &str| match text.map(|text| text.parse::<f64>()) {
            None => Ok(None),
            Some(Ok(bound)) => Ok(Some(bound)),
            Some(Err(_)) => Err(Exception::invalid_parameter(format!(
                "Invalid {kind} for schema attribute {name}"
            ))),
        };
        let lengths = described.string_attribute_constraints.as_ref();
        let values = described.number_attribute_constraints.as_ref();
        let (min, max, wrong) = match data_type {
            DataType::String => (
                bound(
                    lengths.and_then(|l| l.min_length.as_ref()),
                    "String minLength",
                )?,
                bound(
                    lengths.and_then(|l| l.max_length.as_ref()),
                    "String maxLength",
                )?,
                "Max length cannot be less than min length.",
            ),
            DataType::Number => (
                bound(values.and_then(|v| v.min_value.as_ref()), "Number minValue")?,
                bound(values.and_then(|v| v.max_value.as_ref()), "Number maxValue")?,
                "Max value cannot be less than min value.",
            ),
            DataType::DateTime | DataType::Boolean => (None, None, ""),
        };
        if data_type == DataType::String && max.is_some_and(|max| max > f64::from(VALUE_CHARS_MAX))
        {
            return Err(Exception::invalid_parameter(format!(
                "user.{name}: String attributes cannot have a length of more than 2048"
            )));
        }
        if matches!((min, max), (Some(min), Some(max)) if max < min) {
            return Err(Exception::invalid_parameter(format!(
                "user.{name}: {wrong}"
            )));
        }
        Ok(Self {
            name: name.into(),
            required: described.required == Some(true),
            data_type,
            min,
            max,
            described,
        })
    }

    /// Whether the value may change after the user's creation (COGNITO.md 8 \[D\]).
    pub(crate) fn is_mutable(&self) -> bool {
        self.described.mutable != Some(false)
    }

    /// Says what is wrong with a value, if anything is. The texts are guesses \[U\].
    pub(crate) fn violation(&self, value: &str) -> Option<&'static str> {
        let within = |size: f64| {
            self.min.is_none_or(|min| size >= min) && self.max.is_none_or(|max| size <= max)
        };
        match self.data_type {
            DataType::String => {
                let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
                (!within(f64::from(length)))
                    .then_some("String must be within the length constraints")
            }
            DataType::Number => match value.parse::<f64>() {
                Ok(number) if within(number) => None,
                Ok(_) => Some("Number must be within the value constraints"),
                Err(_) => Some("Value is not a number"),
            },
            DataType::Boolean => {
                let known = ["true", "false"]
                    .iter()
                    .any(|word| value.eq_ignore_ascii_case(word));
                (!known).then_some("Value is not a boolean")
            }
            DataType::DateTime => value
                .parse::<jiff::Timestamp>()
                .is_err()
                .then_some("Value is not a date"),
        }
    }
}

fn standard(name: &str) -> SchemaAttribute {
    let data_type = match name {
        "email_verified" | "phone_number_verified" => DataType::Boolean,
        "updated_at" => DataType::Number,
        _ => DataType::String,
    };
    let (min, max) = match name {
        "sub" => ("1", "2048"),
        "birthdate" => ("10", "10"),
        _ => ("0", "2048"),
    };
    SchemaAttribute {
        name: Some(name.to_owned()),
        attribute_data_type: Some(data_type),
        developer_only_attribute: Some(false),
        mutable: Some(name != "sub"),
        required: Some(name == "sub"),
        number_attribute_constraints: (data_type == DataType::Number).then(|| NumberConstraints {
            min_value: Some("0".to_owned()),
            max_value: None,
        }),
        string_attribute_constraints: (data_type == DataType::String).then(|| StringConstraints {
            min_length: Some(min.to_owned()),
            max_length: Some(max.to_owned()),
        }),
    }
}

fn redefined(known: &Definition, asked: &SchemaAttribute) -> Result<Definition, Exception> {
    let mut described = known.described.clone();
    let other_type = asked
        .attribute_data_type
        .is_some_and(|asked| asked != known.data_type);
    if other_type || asked.developer_only_attribute == Some(true) {
        return Err(Exception::invalid_parameter(format!(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard \
             schema attribute {}",
            known.name
        )));
    }
    described.mutable = asked.mutable.or(described.mutable);
    described.required = asked.required.or(described.required);
    if let Some(lengths) = &asked.string_attribute_constraints {
        described.string_attribute_constraints = Some(lengths.clone());
    }
    if let Some(values) = &asked.number_attribute_constraints {
        described.number_attribute_constraints = Some(values.clone());
    }
    Definition::new(described)
}

fn add_custom(definitions: &mut Vec<Definition>, asked: &SchemaAttribute) -> Result<(), Exception> {
    let name = asked.name.as_deref().unwrap_or_default();
    let custom = Definition::new(custom(name, asked)?)?;
    if definitions.iter().any(|known| known.name == custom.name) {
        return Err(Exception::invalid_parameter(format!(
            "custom:{name}: Existing attribute already has name {}.",
            custom.name
        )));
    }
    if definitions.len() >= STANDARD.len() + CUSTOM_ATTRIBUTES_MAX {
        // The text is a guess [U].
        return Err(Exception::invalid_parameter(format!(
            "A user pool can have {CUSTOM_ATTRIBUTES_MAX} custom attributes at most."
        )));
    }
    definitions.push(custom);
    Ok(())
}

fn custom(name: &str, asked: &SchemaAttribute) -> Result<SchemaAttribute, Exception> {
    if asked.required == Some(true) {
        return Err(Exception::invalid_parameter(
            "Required custom attributes are not supported currently.",
        ));
    }
    if asked.attribute_data_type.is_none() {
        return Err(Exception::invalid_parameter(
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ));
    }
    let developer_only = asked.developer_only_attribute == Some(true);
    let prefix = if developer_only {
        "dev:custom:"
    } else {
        "custom:"
    };
    Ok(SchemaAttribute {
        name: Some(format!("{prefix}{name}")),
        developer_only_attribute: Some(developer_only),
        mutable: Some(asked.mutable.unwrap_or(true)),
        required: Some(false),
        ..asked.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(json: &str) -> Result<Schema, String> {
        let asked: Vec<SchemaAttribute> = serde_json::from_str(json).unwrap();
        Schema::new(&asked).map_err(|error| error.to_string())
    }

    #[test]
    fn custom_attributes_get_their_prefix() {
        let schema = asked(r#"[{"Name":"plan","AttributeDataType":"String"}]"#).unwrap();
        assert!(schema.find("custom:plan").is_some());
        assert!(schema.find("plan").is_none());
        assert_eq!(schema.described().len(), 21);
    }

    #[test]
    fn refuses_what_aws_refuses() {
        let cases = [
            (r#"[{"Name":"plan"}]"#, "Invalid AttributeDataType input"),
            (
                r#"[{"Name":"plan","AttributeDataType":"String","Required":true}]"#,
                "Required custom attributes",
            ),
            (
                r#"[{"Name":"email","AttributeDataType":"Number"}]"#,
                "You can not change",
            ),
            (
                r#"[{"Name":"a","AttributeDataType":"String",
                     "StringAttributeConstraints":{"MinLength":"9","MaxLength":"3"}}]"#,
                "user.custom:a: Max length cannot be less than min length.",
            ),
            (
                r#"[{"Name":"a","AttributeDataType":"String",
                     "StringAttributeConstraints":{"MaxLength":"4096"}}]"#,
                "length of more than 2048",
            ),
        ];
        for (json, expected) in cases {
            let error = asked(json).unwrap_err();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}
