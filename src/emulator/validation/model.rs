//! The service model as typed tables, read once from the embedded facts.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::constraint::{Bounds, TextRules};
use super::pattern::Pattern;

/// The reduced model, as `scripts/service-model.py` writes it.
pub(super) const FACTS: &str = include_str!("../../../fixtures/cognito/service-model.json");

/// Read on the first request. Facts that cannot be read would leave no operation at all; a test
/// reads them, so that this never ships.
static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(FACTS).unwrap_or_default());

/// The operation of that name, if the service model has it.
pub(crate) fn operation(name: &str) -> Option<&'static Operation> {
    let operations = &MODEL.operations;
    operations
        .binary_search_by(|o| o.name.cmp(name))
        .ok()
        .map(|index| &operations[index])
}

/// All operations of the service model, by name.
#[cfg(test)]
pub(super) fn operations() -> impl Iterator<Item = &'static Operation> {
    MODEL.operations.iter()
}

/// The HTTP status of a modelled exception: 400, or 500 for the two that are the server's fault.
pub(crate) fn error_status(name: &str) -> Option<u16> {
    MODEL.errors.get(name).copied()
}

/// The shape with that position in the model.
pub(super) fn shape(id: ShapeId) -> &'static Shape {
    &MODEL.shapes[usize::from(id.0)]
}

/// One operation of the API and what the model says of it.
#[derive(Debug)]
pub(crate) struct Operation {
    name: &'static str,
    pub(super) input: ShapeId,
    output: bool,
    signed: bool,
}

impl Operation {
    /// The name that `X-Amz-Target` carries after the dot.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a request must be signed; the others are for everyone who knows a client id or has
    /// a token (COGNITO.md 1.1).
    pub(crate) fn needs_signature(&self) -> bool {
        self.signed
    }

    /// Whether a success has a body; without an output shape it is empty (COGNITO.md 1.2).
    pub(crate) fn has_output(&self) -> bool {
        self.output
    }
}

/// A shape's position in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShapeId(u16);

/// A type of the model with its constraints.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    /// Whether a refusal hides the value.
    pub(super) sensitive: bool,
    pub(super) kind: Kind,
}

/// What a shape holds.
#[derive(Debug)]
pub(super) enum Kind {
    /// Members by name, at most [`MAX_MEMBERS`].
    Structure(Box<[Member]>),
    List {
        element: ShapeId,
        size: Bounds,
    },
    Map {
        key: ShapeId,
        value: ShapeId,
        size: Bounds,
    },
    Text(TextRules),
    Integer(Bounds),
    Boolean,
    /// Base64 on the wire; the bounds count decoded bytes.
    Blob(Bounds),
    /// Any JSON.
    Document,
}

/// One member of a structure.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) shape: ShapeId,
    pub(super) required: bool,
}

/// The most members a structure may have, so that a request's members fit on the stack; the largest
/// in the model has 28.
pub(super) const MAX_MEMBERS: usize = 40;

/// All tables, each sorted by name.
#[derive(Debug, Default)]
pub(super) struct Model {
    operations: Vec<Operation>,
    shapes: Vec<Shape>,
    errors: BTreeMap<&'static str, u16>,
}

/// Why embedded facts make no model.
#[derive(Debug, thiserror::Error)]
pub(super) enum ModelError {
    #[error("the facts are not the JSON that scripts/service-model.py writes")]
    Json(#[from] serde_json::Error),
    #[error("shape {0} is named but not described")]
    UnknownShape(&'static str),
    #[error("shape {0} has a type or a size that requests did not use before")]
    UnknownKind(&'static str),
}

#[derive(Deserialize)]
struct Facts {
    #[serde(borrow)]
    errors: BTreeMap<&'static str, u16>,
    #[serde(borrow)]
    operations: BTreeMap<&'static str, OperationFacts>,
    #[serde(borrow)]
    shapes: BTreeMap<&'static str, ShapeFacts>,
}

#[derive(Deserialize)]
struct OperationFacts {
    #[serde(borrow)]
    input: &'static str,
    output: bool,
    signed: bool,
}

#[derive(Deserialize)]
struct ShapeFacts {
    #[serde(borrow, rename = "type")]
    kind: &'static str,
    #[serde(borrow, default)]
    members: BTreeMap<&'static str, &'static str>,
    #[serde(borrow, default)]
    required: Vec<&'static str>,
    #[serde(borrow)]
    member: Option<&'static str>,
    #[serde(borrow)]
    key: Option<&'static str>,
    #[serde(borrow)]
    value: Option<&'static str>,
    min: Option<i64>,
    max: Option<i64>,
    #[serde(borrow)]
    pattern: Option<Cow<'static, str>>,
    #[serde(borrow, default, rename = "enum")]
    values: Box<[&'static str]>,
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    document: bool,
}

impl Model {
    /// Builds the tables from the text of the facts.
    ///
    /// # Errors
    ///
    /// If the text is not such JSON, or names a shape or a kind of shape that it does not describe.
    pub(super) fn read(facts: &'static str) -> Result<Self, ModelError> {
        let facts: Facts = serde_json::from_str(facts)?;
        let names: Vec<&'static str> = facts.shapes.keys().copied().collect();
        let resolve = |name: &'static str| {
            let position = names.binary_search(&name).ok();
            let id = position
                .and_then(|position| u16::try_from(position).ok())
                .map(ShapeId);
            id.ok_or(ModelError::UnknownShape(name))
        };
        let operations = facts.operations.into_iter().map(|(name, operation)| {
            let OperationFacts {
                input,
                output,
                signed,
            } = operation;
            Ok(Operation {
                name,
                input: resolve(input)?,
                output,
                signed,
            })
        });
        let operations = operations.collect::<Result<_, ModelError>>()?;
        let shapes = facts.shapes.into_iter().map(|(name, shape)| {
            let sensitive = shape.sensitive;
            Ok(Shape {
                name,
                sensitive,
                kind: shape.into_kind(name, &resolve)?,
            })
        });
        let shapes = shapes.collect::<Result<_, ModelError>>()?;
        Ok(Self {
            operations,
            shapes,
            errors: facts.errors,
        })
    }
}

impl ShapeFacts {
    fn into_kind(
        self,
        name: &'static str,
        resolve: &dyn Fn(&'static str) -> Result<ShapeId, ModelError>,
    ) -> Result<Kind, ModelError> {
        let bounds = Bounds {
            min: self.min,
            max: self.max,
        };
        let target = |target: Option<&'static str>| resolve(target.unwrap_or_default());
        Ok(match self.kind {
            "structure" if self.document => Kind::Document,
            "structure" if self.members.len() <= MAX_MEMBERS => {
                let members = self.members.into_iter().map(|(member, shape)| {
                    let required = self.required.contains(&member);
                    Ok(Member {
                        name: member,
                        shape: resolve(shape)?,
                        required,
                    })
                });
                Kind::Structure(members.collect::<Result<_, ModelError>>()?)
            }
            "list" => Kind::List {
                element: target(self.member)?,
                size: bounds,
            },
            "map" => Kind::Map {
                key: target(self.key)?,
                value: target(self.value)?,
                size: bounds,
            },
            "string" => Kind::Text(TextRules {
                length: bounds,
                pattern: self.pattern.map(Pattern::new),
                values: self.values,
            }),
            "integer" => Kind::Integer(bounds),
            "boolean" => Kind::Boolean,
            "blob" => Kind::Blob(bounds),
            _ => return Err(ModelError::UnknownKind(name)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_facts_make_a_model_whose_patterns_all_compile() {
        let model = Model::read(FACTS).unwrap();
        assert_eq!(model.operations.len(), 141);
        let rules = model.shapes.iter().filter_map(|shape| match &shape.kind {
            Kind::Text(rules) => Some((shape.name, rules.pattern.as_ref()?)),
            _ => None,
        });
        let patterns: Vec<_> = rules.collect();
        assert!(patterns.len() > 50, "{}", patterns.len());
        for (name, pattern) in patterns {
            assert!(pattern.regex().is_some(), "{name}: {}", pattern.source());
        }
    }

    #[test]
    fn facts_that_do_not_fit_together_are_refused() {
        let unknown = r#"{"errors": {}, "shapes": {}, "operations":
            {"A": {"input": "B", "output": true, "signed": true, "errors": []}}}"#;
        assert!(matches!(
            Model::read(unknown),
            Err(ModelError::UnknownShape("B"))
        ));
        let odd = r#"{"errors": {}, "operations": {}, "shapes": {"C": {"type": "timestamp"}}}"#;
        assert!(matches!(
            Model::read(odd),
            Err(ModelError::UnknownKind("C"))
        ));
        assert!(matches!(Model::read("{"), Err(ModelError::Json(_))));
    }
}
