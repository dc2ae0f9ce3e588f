//! What can be asked.

/// Type of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    /// A text in ASCII lower case without surrounding blanks; nothing but blanks is null.
    Key,
    Integer,
    Decimal,
    Boolean,
    Date,
    /// An instant.
    Timestamp,
    Uuid,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    pub name: &'static str,
    pub kind: Type,
}

/// A table. Indexes are those of its properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitySet {
    pub name: &'static str,
    pub properties: Vec<Property>,
    /// What tells its rows apart; never null.
    pub key: Vec<usize>,
    /// The order of rows when a request names none; ends with the key, never null.
    pub order: Vec<usize>,
}

impl EntitySet {
    /// The index of a property.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.properties.iter().position(|property| property.name == name)
    }
}

impl Type {
    /// Its name in OData.
    pub fn edm(self) -> &'static str {
        match self {
            Type::Text | Type::Key => "Edm.String",
            Type::Integer => "Edm.Int64",
            Type::Decimal => "Edm.Decimal",
            Type::Boolean => "Edm.Boolean",
            Type::Date => "Edm.Date",
            Type::Timestamp => "Edm.DateTimeOffset",
            Type::Uuid => "Edm.Guid",
        }
    }
}
