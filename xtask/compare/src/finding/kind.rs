//! What kind of change a finding is, and what it is about.

use super::level::{Direction, Level};

/// What a fact is about. The rules judge the same change differently from scope to scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The document as a whole.
    Api,
    /// An operation.
    Operation,
    /// A request body.
    RequestBody,
    /// A property of a request body or a parameter.
    RequestProperty,
    /// A read-only property in a request.
    RequestReadOnlyProperty,
    /// A parameter: path, query, header or cookie.
    RequestParameter,
    /// A response with its status.
    Response,
    /// A response body.
    ResponseBody,
    /// A property of a response body or a header.
    ResponseProperty,
    /// A write-only property in a response.
    ResponseWriteOnlyProperty,
    /// A header of a response.
    ResponseHeader,
}

impl Scope {
    /// Which way the data flows.
    pub fn direction(self) -> Option<Direction> {
        match self {
            Scope::Api | Scope::Operation => None,
            Scope::RequestBody
            | Scope::RequestProperty
            | Scope::RequestReadOnlyProperty
            | Scope::RequestParameter => Some(Direction::Request),
            Scope::Response
            | Scope::ResponseBody
            | Scope::ResponseProperty
            | Scope::ResponseWriteOnlyProperty
            | Scope::ResponseHeader => Some(Direction::Response),
        }
    }

    /// The scope whose rule applies where this one has none.
    pub fn wider(self) -> Option<Scope> {
        match self {
            Scope::RequestBody | Scope::RequestReadOnlyProperty | Scope::RequestParameter => {
                Some(Scope::RequestProperty)
            }
            Scope::ResponseBody | Scope::ResponseWriteOnlyProperty | Scope::ResponseHeader => {
                Some(Scope::ResponseProperty)
            }
            _ => None,
        }
    }
}

/// A limit that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Bound {
    Maximum,
    Minimum,
    ExclusiveMaximum,
    ExclusiveMinimum,
    MaxLength,
    MinLength,
    MaxItems,
    MinItems,
    MaxProperties,
    MinProperties,
}

impl Bound {
    /// All of them.
    pub const ALL: [Bound; 10] = [
        Bound::Maximum,
        Bound::Minimum,
        Bound::ExclusiveMaximum,
        Bound::ExclusiveMinimum,
        Bound::MaxLength,
        Bound::MinLength,
        Bound::MaxItems,
        Bound::MinItems,
        Bound::MaxProperties,
        Bound::MinProperties,
    ];

    /// The keyword of JSON Schema.
    pub fn keyword(self) -> &'static str {
        match self {
            Bound::Maximum => "maximum",
            Bound::Minimum => "minimum",
            Bound::ExclusiveMaximum => "exclusiveMaximum",
            Bound::ExclusiveMinimum => "exclusiveMinimum",
            Bound::MaxLength => "maxLength",
            Bound::MinLength => "minLength",
            Bound::MaxItems => "maxItems",
            Bound::MinItems => "minItems",
            Bound::MaxProperties => "maxProperties",
            Bound::MinProperties => "minProperties",
        }
    }

    /// Whether it limits from above.
    pub fn is_upper(self) -> bool {
        matches!(
            self,
            Bound::Maximum
                | Bound::ExclusiveMaximum
                | Bound::MaxLength
                | Bound::MaxItems
                | Bound::MaxProperties
        )
    }

    /// Whether the step allows fewer values.
    pub fn is_narrowed_by(self, step: Step) -> bool {
        match step {
            Step::Set => true,
            Step::Unset => false,
            Step::Increased => !self.is_upper(),
            Step::Decreased => self.is_upper(),
        }
    }

    /// Whether 0 means the same as no bound.
    pub fn is_void_at_zero(self) -> bool {
        matches!(
            self,
            Bound::MinLength | Bound::MinItems | Bound::MinProperties
        )
    }
}

/// What happened to a [`Bound`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Step {
    Set,
    Unset,
    Increased,
    Decreased,
}

/// How schemas are composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Composition {
    AllOf,
    AnyOf,
    OneOf,
}

impl Composition {
    /// The keyword of JSON Schema.
    pub fn keyword(self) -> &'static str {
        match self {
            Composition::AllOf => "allOf",
            Composition::AnyOf => "anyOf",
            Composition::OneOf => "oneOf",
        }
    }
}

/// A keyword that limits values, or how they are written, without rules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Keyword {
    Choice,
    Composition,
    Not,
    If,
    Then,
    Else,
    Contains,
    MinContains,
    MaxContains,
    PropertyNames,
    PatternProperties,
    PrefixItems,
    DependentRequired,
    DependentSchemas,
    UnevaluatedItems,
    UnevaluatedProperties,
    ContentSchema,
    ContentMediaType,
    ContentEncoding,
}

impl Keyword {
    /// All of them.
    pub const ALL: [Keyword; 19] = [
        Keyword::Choice,
        Keyword::Composition,
        Keyword::Not,
        Keyword::If,
        Keyword::Then,
        Keyword::Else,
        Keyword::Contains,
        Keyword::MinContains,
        Keyword::MaxContains,
        Keyword::PropertyNames,
        Keyword::PatternProperties,
        Keyword::PrefixItems,
        Keyword::DependentRequired,
        Keyword::DependentSchemas,
        Keyword::UnevaluatedItems,
        Keyword::UnevaluatedProperties,
        Keyword::ContentSchema,
        Keyword::ContentMediaType,
        Keyword::ContentEncoding,
    ];

    /// The name in ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Keyword::Choice => "choice",
            Keyword::Composition => "composition",
            Keyword::Not => "not",
            Keyword::If => "if",
            Keyword::Then => "then",
            Keyword::Else => "else",
            Keyword::Contains => "contains",
            Keyword::MinContains => "min-contains",
            Keyword::MaxContains => "max-contains",
            Keyword::PropertyNames => "property-names",
            Keyword::PatternProperties => "pattern-properties",
            Keyword::PrefixItems => "prefix-items",
            Keyword::DependentRequired => "dependent-required",
            Keyword::DependentSchemas => "dependent-schemas",
            Keyword::UnevaluatedItems => "unevaluated-items",
            Keyword::UnevaluatedProperties => "unevaluated-properties",
            Keyword::ContentSchema => "content-schema",
            Keyword::ContentMediaType => "content-media-type",
            Keyword::ContentEncoding => "content-encoding",
        }
    }

    /// Whether its changes are of this kind.
    pub fn has(self, shift: Shift) -> bool {
        match shift {
            Shift::Narrowed | Shift::Widened => true,
            Shift::Changed => matches!(
                self,
                Keyword::Choice
                    | Keyword::If
                    | Keyword::Contains
                    | Keyword::ContentMediaType
                    | Keyword::ContentEncoding
            ),
        }
    }
}

/// What happened to the values that something allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shift {
    /// Fewer are allowed.
    Narrowed,
    /// More are allowed.
    Widened,
    /// Others are allowed, perhaps.
    Changed,
}

/// What kind of change it is. The rule table gives the level of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    // The document.
    InfoChanged,
    VersionChanged,
    TagListChanged,
    ExternalDocsChanged,
    ServerSet,
    ServerUnset,
    ServerAdded,
    ServerRemoved,
    ServerChanged,
    ServerDescriptionChanged,
    ServerVariableDefaultChanged,
    ServerVariable(Shift),
    SecurityAdded,
    SecurityRemoved,
    SecurityScopeAdded,
    SecurityScopeRemoved,
    SecurityBecameRequired,
    SecurityBecameOptional,
    SecuritySchemeAdded,
    SecuritySchemeRemoved,
    SecuritySchemeTypeChanged,
    SecuritySchemeChanged,
    SecuritySchemeDescriptionChanged,
    OauthUrlChanged,
    OauthTokenUrlChanged,
    OauthScopeAdded,
    OauthScopeRemoved,
    OauthScopeChanged,
    WebhookAdded,
    WebhookRemoved,
    CallbackAdded,
    CallbackRemoved,
    CallbackAddressChanged,
    /// A schema that no operation uses, of documents that are compared by [`models`](crate::models).
    ModelAdded,
    /// As [`ModelAdded`](Kind::ModelAdded).
    ModelRemoved,

    // An operation.
    EndpointAdded,
    EndpointRemoved,
    EndpointRemovedAfterDeprecation,
    EndpointRemovedBeforeSunset,
    PathRemoved,
    PathRemovedAfterDeprecation,
    PathRemovedBeforeSunset,
    RemovedWithInvalidSunset,
    PathParametersSwapped,
    OperationIdAdded,
    OperationIdRemoved,
    TagAdded,
    TagRemoved,
    SummaryChanged,
    Deprecated,
    DeprecatedWithSunset,
    Reactivated,
    SunsetInvalid,
    SunsetUnreadable,
    SunsetSet,
    SunsetDeleted,
    SunsetEarlier,
    SunsetLater,

    // Requests and responses.
    BodyAddedRequired,
    BodyAddedOptional,
    BodyRemoved,
    BodyBecameRequired,
    BodyBecameOptional,
    MediaTypeAdded,
    MediaTypeRemoved,
    MediaTypeParametersChanged,
    MediaTypeGeneralized,
    MediaTypeSpecialized,
    MediaTypeSchemaAdded,
    MediaTypeSchemaRemoved,
    LinkAdded,
    LinkRemoved,
    LinkChanged,
    Encoding(Shift),
    Serialization(Shift),
    SuccessStatusAdded,
    SuccessStatusRemoved,
    OtherStatusAdded,
    OtherStatusRemoved,
    ParameterAddedRequired,
    ParameterAddedOptional,
    SharedParameterAddedRequired,
    SharedParameterAddedOptional,
    PathParameterAdded,
    ParameterRemoved,
    ParameterRemovedAfterDeprecation,
    ParameterRemovedBeforeSunset,
    ParameterBecameRequired,
    ParameterBecameOptional,
    HeaderAdded,
    RequiredHeaderRemoved,
    OptionalHeaderRemoved,
    HeaderBecameRequired,
    HeaderBecameOptional,

    // A property.
    RequiredPropertyAdded,
    RequiredPropertyWithDefaultAdded,
    OptionalPropertyAdded,
    RequiredPropertyRemoved,
    OptionalPropertyRemoved,
    BecameRequired,
    BecameRequiredWithDefault,
    BecameOptional,
    RequiredBecameReadOnly,
    RequiredBecameNotReadOnly,
    OptionalBecameReadOnly,
    OptionalBecameNotReadOnly,
    RequiredBecameWriteOnly,
    RequiredBecameNotWriteOnly,
    OptionalBecameWriteOnly,
    OptionalBecameNotWriteOnly,

    // A schema.
    TypeChanged,
    TypeChangedToText,
    TypeCompatible,
    TypeGeneralized,
    TypeSpecialized,
    ListOfTypesWidened,
    ListOfTypesNarrowed,
    FormatAdded,
    FormatRemoved,
    FormatChanged,
    FormatGeneralized,
    FormatSpecialized,
    FormatHintChanged,
    BecameNullable,
    BecameNotNullable,
    BecameEnum,
    BecameNotEnum,
    EnumValueAdded,
    EnumValueRemoved,
    ConstAdded,
    ConstRemoved,
    ConstChanged,
    DefaultAdded,
    DefaultRemoved,
    DefaultChanged,
    PatternAdded,
    PatternRemoved,
    PatternChanged,
    PatternGeneralized,
    Bound(Bound, Step),
    MultipleOfSet,
    MultipleOfUnset,
    MultipleOfChanged,
    MultipleOfGeneralized,
    MultipleOfSpecialized,
    UniqueItemsSet,
    UniqueItemsUnset,
    MemberAdded(Composition),
    MemberRemoved(Composition),
    HarmlessMemberAdded(Composition),
    HarmlessMemberRemoved(Composition),
    AnnotationMemberAdded,
    AnnotationMemberRemoved,
    WrappedInChoice,
    WrappedInChoiceKeepingOriginal,
    UnwrappedFromChoice,
    UnwrappedFromChoiceKeepingMember,
    NotAdded,
    NotRemoved,
    NotChanged,
    ItemsAdded,
    ItemsRemoved,
    AdditionalPropertiesNarrowed,
    AdditionalPropertiesWidened,
    AdditionalPropertiesBecameAny,
    Keyword(Keyword, Shift),
    SchemaBecameFalse,
    SchemaBecameNotFalse,
    DiscriminatorAdded,
    DiscriminatorRemoved,
    DiscriminatorPropertyNameChanged,
    DiscriminatorMappingAdded,
    DiscriminatorMappingDeleted,
    DiscriminatorMappingChanged,
    DiscriminatorMappingRenamed,
    DescriptionChanged,
    TitleChanged,
    ExampleChanged,

    /// A schema is used at more places than are listed: the level of the worst change there, and
    /// the number of those places.
    FurtherPlaces(Level, u64),
    /// A difference that no comparison understands.
    Unhandled,

    /// A change that this crate does not look for. The program around it found it, and named it.
    Beside(&'static str),
}

impl Kind {
    /// Whether a property is no longer there in this direction.
    pub fn removes_property(self, direction: Direction) -> bool {
        match self {
            Kind::RequiredPropertyRemoved
            | Kind::OptionalPropertyRemoved
            | Kind::SchemaBecameFalse => true,
            Kind::RequiredBecameReadOnly | Kind::OptionalBecameReadOnly => {
                direction == Direction::Request
            }
            Kind::RequiredBecameWriteOnly | Kind::OptionalBecameWriteOnly => {
                direction == Direction::Response
            }
            _ => false,
        }
    }

    /// Whether a property or parameter is new in this direction.
    pub fn adds_property(self, direction: Direction) -> bool {
        match self {
            Kind::RequiredPropertyAdded
            | Kind::RequiredPropertyWithDefaultAdded
            | Kind::OptionalPropertyAdded => true,
            Kind::RequiredBecameNotReadOnly
            | Kind::OptionalBecameNotReadOnly
            | Kind::ParameterAddedRequired
            | Kind::ParameterAddedOptional
            | Kind::SharedParameterAddedRequired
            | Kind::SharedParameterAddedOptional
            | Kind::PathParameterAdded => direction == Direction::Request,
            Kind::RequiredBecameNotWriteOnly | Kind::OptionalBecameNotWriteOnly => {
                direction == Direction::Response
            }
            _ => false,
        }
    }

    /// Whether something optional became required.
    pub fn is_now_required(self) -> bool {
        matches!(
            self,
            Kind::BecameRequired
                | Kind::BecameRequiredWithDefault
                | Kind::BodyBecameRequired
                | Kind::HeaderBecameRequired
                | Kind::ParameterBecameRequired
                | Kind::SecurityBecameRequired
        )
    }

    /// Whether something required became optional.
    pub fn is_now_optional(self) -> bool {
        matches!(
            self,
            Kind::BecameOptional
                | Kind::BodyBecameOptional
                | Kind::HeaderBecameOptional
                | Kind::ParameterBecameOptional
                | Kind::SecurityBecameOptional
        )
    }

    /// Whether it is about null being allowed.
    pub fn is_about_null(self) -> bool {
        matches!(self, Kind::BecameNullable | Kind::BecameNotNullable)
    }

    /// Whether a default changed.
    pub fn is_about_a_default(self) -> bool {
        matches!(
            self,
            Kind::DefaultAdded | Kind::DefaultRemoved | Kind::DefaultChanged
        )
    }

    /// Whether the type of a schema changed.
    pub fn is_about_a_type(self) -> bool {
        matches!(
            self,
            Kind::TypeChanged
                | Kind::TypeChangedToText
                | Kind::TypeCompatible
                | Kind::TypeGeneralized
                | Kind::TypeSpecialized
                | Kind::ListOfTypesWidened
                | Kind::ListOfTypesNarrowed
        )
    }

    /// Whether the format of a schema changed. Rules name it like a change of the type.
    pub fn is_about_a_format(self) -> bool {
        matches!(
            self,
            Kind::FormatAdded
                | Kind::FormatRemoved
                | Kind::FormatChanged
                | Kind::FormatGeneralized
                | Kind::FormatSpecialized
        )
    }

    /// Whether the allowed values changed within the type.
    pub fn is_about_a_limit(self) -> bool {
        self.is_about_a_pattern()
            || self.is_about_named_values()
            || matches!(
                self,
                Kind::Bound(..)
                    | Kind::MultipleOfSet
                    | Kind::MultipleOfUnset
                    | Kind::MultipleOfChanged
                    | Kind::MultipleOfGeneralized
                    | Kind::MultipleOfSpecialized
                    | Kind::UniqueItemsSet
                    | Kind::UniqueItemsUnset
            )
    }

    fn is_about_a_pattern(self) -> bool {
        matches!(
            self,
            Kind::PatternAdded
                | Kind::PatternRemoved
                | Kind::PatternChanged
                | Kind::PatternGeneralized
        )
    }

    fn is_about_named_values(self) -> bool {
        matches!(
            self,
            Kind::BecameEnum
                | Kind::BecameNotEnum
                | Kind::EnumValueAdded
                | Kind::EnumValueRemoved
                | Kind::ConstAdded
                | Kind::ConstRemoved
                | Kind::ConstChanged
        )
    }

    /// Whether a schema lists values that it did not list before.
    pub fn names_new_values(self) -> bool {
        matches!(self, Kind::EnumValueAdded | Kind::BecameEnum)
    }

    /// Whether more values are allowed than before, within the type.
    pub fn widens(self) -> bool {
        match self {
            Kind::Bound(bound, step) => !bound.is_narrowed_by(step),
            Kind::BecameOptional
            | Kind::BodyBecameOptional
            | Kind::ParameterBecameOptional
            | Kind::BecameNotEnum
            | Kind::EnumValueAdded
            | Kind::FormatRemoved
            | Kind::FormatGeneralized
            | Kind::Keyword(_, Shift::Widened)
            | Kind::PatternRemoved
            | Kind::PatternGeneralized
            | Kind::ConstRemoved
            | Kind::MultipleOfUnset
            | Kind::MultipleOfGeneralized
            | Kind::UniqueItemsUnset
            | Kind::NotRemoved
            | Kind::SchemaBecameNotFalse
            | Kind::AdditionalPropertiesWidened
            | Kind::AdditionalPropertiesBecameAny => true,
            _ => false,
        }
    }

    /// Whether the changed string goes into generated code as it is: a version, a path, a value of
    /// an enum, a pattern, a default.
    pub fn enters_generated_code(self) -> bool {
        matches!(self, Kind::VersionChanged | Kind::EndpointAdded)
            || self.is_about_a_pattern()
            || self.is_about_named_values()
            || self.is_about_a_default()
    }

    /// Whether an operation was removed, with or without its path.
    pub fn removes_operation(self) -> bool {
        matches!(
            self,
            Kind::EndpointRemoved
                | Kind::EndpointRemovedAfterDeprecation
                | Kind::EndpointRemovedBeforeSunset
                | Kind::PathRemoved
                | Kind::PathRemovedAfterDeprecation
                | Kind::PathRemovedBeforeSunset
                | Kind::RemovedWithInvalidSunset
        )
    }

    /// Whether a server address changed.
    pub fn is_about_a_server(self) -> bool {
        matches!(
            self,
            Kind::ServerSet
                | Kind::ServerUnset
                | Kind::ServerAdded
                | Kind::ServerRemoved
                | Kind::ServerChanged
                | Kind::ServerDescriptionChanged
                | Kind::ServerVariableDefaultChanged
                | Kind::ServerVariable(_)
        )
    }

    /// Whether credentials, schemes or scopes changed.
    pub fn is_about_security(self) -> bool {
        matches!(
            self,
            Kind::SecurityAdded
                | Kind::SecurityRemoved
                | Kind::SecurityScopeAdded
                | Kind::SecurityScopeRemoved
                | Kind::SecurityBecameRequired
                | Kind::SecurityBecameOptional
                | Kind::SecuritySchemeAdded
                | Kind::SecuritySchemeRemoved
                | Kind::SecuritySchemeTypeChanged
                | Kind::SecuritySchemeChanged
                | Kind::SecuritySchemeDescriptionChanged
                | Kind::OauthUrlChanged
                | Kind::OauthTokenUrlChanged
                | Kind::OauthScopeAdded
                | Kind::OauthScopeRemoved
                | Kind::OauthScopeChanged
        )
    }
}
