//! The input of the generator: the requests, with their fields and nothing else.
//!
//! Limits, formats, enums and defaults are rules ([`crate::rules`]), which the library checks itself. So
//! they need no further crate, change no generated type, and cannot make the generator fail.

use std::collections::{BTreeMap, HashMap};

use openapiv3::{
    AnySchema, ArrayType, BooleanType, Components, ObjectType, OpenAPI, ReferenceOr, Schema,
    SchemaData, SchemaKind, StringType, Type,
};
use serde_json::{Map, Value};

use crate::operation::{Operation, component};

/// The name under which the generator knows the type of numbers.
pub(crate) const NUMBER: &str = "Number";

/// How deep objects may nest; anything deeper is any value. Types as deep as the objects of a page may be
/// would reach the recursion limit of the compiler.
const DEEPEST: usize = 8;

/// The document for the generator.
pub(crate) fn of(spec: &Value, operations: &[Operation<'_>]) -> OpenAPI {
    let mut shapes = Shapes {
        schemas: &spec["components"]["schemas"],
        made: BTreeMap::from([(NUMBER.to_owned(), string())]),
        open: Vec::new(),
    };
    for request in operations.iter().filter_map(|operation| operation.request) {
        shapes.root(request);
    }
    OpenAPI {
        openapi: "3.0.3".to_owned(),
        components: Some(Components {
            schemas: shapes.made.into_iter().collect(),
            ..Components::default()
        }),
        ..OpenAPI::default()
    }
}

struct Shapes<'s> {
    schemas: &'s Value,
    /// The components that are used, each built once.
    made: BTreeMap<String, ReferenceOr<Schema>>,
    /// The components that are being built.
    open: Vec<String>,
}

impl Shapes<'_> {
    /// Makes a request, which keeps its name whatever it is.
    fn root(&mut self, name: &str) {
        let shape = self.reference(name);
        if matches!(shape, ReferenceOr::Item(_)) {
            self.made.insert(name.to_owned(), shape);
        }
    }

    /// A reference to an object of a name; any value where the component is something else.
    fn reference(&mut self, name: &str) -> ReferenceOr<Schema> {
        let Some(schema) = self.schemas.get(name) else {
            return any();
        };
        let holds_itself = self.open.iter().any(|open| open == name);
        // A struct that contains itself would be sent with a null for a missing value.
        if holds_itself || self.open.len() >= DEEPEST {
            return any();
        }
        self.open.push(name.to_owned());
        let shape = match schema["properties"].as_object() {
            Some(properties) => {
                if !self.made.contains_key(name) {
                    let object = self.object(schema, properties);
                    self.made.insert(name.to_owned(), object);
                }
                reference_to(name)
            }
            None => self.plain(schema),
        };
        self.open.pop();
        shape
    }

    fn object(&mut self, schema: &Value, properties: &Map<String, Value>) -> ReferenceOr<Schema> {
        let mut object = ObjectType::default();
        for name in fields(properties) {
            let field = self.field(&properties[name]);
            object.properties.insert(name.to_owned(), field);
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if object.properties.contains_key(name) {
                object.required.push(name.to_owned());
            }
        }
        shape(SchemaKind::Type(Type::Object(object)))
    }

    /// The shape of a property, or of the items of a list.
    fn field(&mut self, schema: &Value) -> ReferenceOr<Box<Schema>> {
        let shape = match schema.get("$ref") {
            Some(reference) => self.reference(component(reference)),
            None => self.plain(schema),
        };
        match shape {
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
            ReferenceOr::Item(schema) => ReferenceOr::boxed_item(schema),
        }
    }

    /// A schema that is not a reference.
    fn plain(&mut self, schema: &Value) -> ReferenceOr<Schema> {
        let is_choice = ["allOf", "anyOf", "oneOf", "not"]
            .iter()
            .any(|keyword| schema.get(keyword).is_some());
        let mut shape = match schema["type"].as_str() {
            _ if is_choice => return any(),
            Some("string") => string(),
            Some("boolean") => shape(SchemaKind::Type(Type::Boolean(BooleanType::default()))),
            Some("integer" | "number") => shape(SchemaKind::AllOf {
                all_of: vec![reference_to(NUMBER)],
            }),
            Some("array") => shape(SchemaKind::Type(Type::Array(ArrayType {
                items: Some(self.field(&schema["items"])),
                min_items: None,
                max_items: None,
                unique_items: false,
            }))),
            _ => return any(),
        };
        if let ReferenceOr::Item(shape) = &mut shape {
            shape.schema_data.nullable = schema["nullable"] == true;
        }
        shape
    }
}

fn shape(schema_kind: SchemaKind) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema {
        schema_data: SchemaData::default(),
        schema_kind,
    })
}

fn string() -> ReferenceOr<Schema> {
    shape(SchemaKind::Type(Type::String(StringType::default())))
}

fn any() -> ReferenceOr<Schema> {
    shape(SchemaKind::Any(AnySchema::default()))
}

fn reference_to(name: &str) -> ReferenceOr<Schema> {
    ReferenceOr::ref_(&format!("#/components/schemas/{name}"))
}

/// The names of the fields that a struct can have: only names in ASCII, because a call gives no others,
/// and of names that would get the same identifier, the one in lower camel case.
pub(crate) fn fields(properties: &Map<String, Value>) -> Vec<&str> {
    let names = || {
        properties
            .keys()
            .map(String::as_str)
            .filter(|name| name.is_ascii())
    };
    let mut by_identifier: HashMap<String, &str> = HashMap::new();
    for name in names() {
        let kept = by_identifier.entry(identifier(name)).or_insert(name);
        if !is_camel_case(kept) && is_camel_case(name) {
            *kept = name;
        }
    }
    let is_kept = |name: &&str| by_identifier.get(&identifier(name)) == Some(name);
    names().filter(is_kept).collect()
}

/// Equal for all names that the generator could give the same identifier.
fn identifier(name: &str) -> String {
    let folded: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    match folded.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => folded.to_ascii_lowercase(),
        _ => format!("x{}", folded.to_ascii_lowercase()),
    }
}

fn is_camel_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
