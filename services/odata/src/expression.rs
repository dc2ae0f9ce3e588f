//! Filters that have been read and checked. Their text form can be read again.

use std::fmt::{self, Display};

use crate::{EntitySet, Literal};

/// A condition, or a value within one.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// Index of a property.
    Property(usize),
    Literal(Literal),
    Call(Function, Vec<Expression>),
    Compare(Operator, Box<Expression>, Box<Expression>),
    /// Equal to one of these.
    In(Box<Expression>, Vec<Literal>),
    Not(Box<Expression>),
    /// Two or more.
    And(Vec<Expression>),
    /// Two or more.
    Or(Vec<Expression>),
}

/// A comparison. With null, `eq` and `ne` compare like with any other value; the others are false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A function of OData. Parts of an instant are those of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Contains,
    StartsWith,
    EndsWith,
    Length,
    ToLower,
    ToUpper,
    Trim,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Date,
}

impl Operator {
    pub(crate) const ALL: [Operator; 6] =
        [Operator::Eq, Operator::Ne, Operator::Gt, Operator::Ge, Operator::Lt, Operator::Le];

    pub fn name(self) -> &'static str {
        match self {
            Operator::Eq => "eq",
            Operator::Ne => "ne",
            Operator::Gt => "gt",
            Operator::Ge => "ge",
            Operator::Lt => "lt",
            Operator::Le => "le",
        }
    }

    /// The same with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Operator {
        match self {
            Operator::Gt => Operator::Lt,
            Operator::Ge => Operator::Le,
            Operator::Lt => Operator::Gt,
            Operator::Le => Operator::Ge,
            same => same,
        }
    }
}

impl Function {
    pub(crate) const ALL: [Function; 14] = [
        Function::Contains,
        Function::StartsWith,
        Function::EndsWith,
        Function::Length,
        Function::ToLower,
        Function::ToUpper,
        Function::Trim,
        Function::Year,
        Function::Month,
        Function::Day,
        Function::Hour,
        Function::Minute,
        Function::Second,
        Function::Date,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Function::Contains => "contains",
            Function::StartsWith => "startswith",
            Function::EndsWith => "endswith",
            Function::Length => "length",
            Function::ToLower => "tolower",
            Function::ToUpper => "toupper",
            Function::Trim => "trim",
            Function::Year => "year",
            Function::Month => "month",
            Function::Day => "day",
            Function::Hour => "hour",
            Function::Minute => "minute",
            Function::Second => "second",
            Function::Date => "date",
        }
    }
}

impl Expression {
    /// Its text, with every part in brackets.
    pub fn text<'a>(&'a self, set: &'a EntitySet) -> impl Display + 'a {
        Text(self, set)
    }
}

struct Text<'a>(&'a Expression, &'a EntitySet);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Text(expression, set) = *self;
        let of = |inner| Text(inner, set);
        match expression {
            Expression::Property(index) => {
                f.write_str(set.properties.get(*index).map_or("?", |property| property.name))
            }
            Expression::Literal(literal) => literal.fmt(f),
            Expression::Call(function, arguments) => {
                write!(f, "{}(", function.name())?;
                list(f, arguments.iter().map(of), ",")?;
                f.write_str(")")
            }
            Expression::Compare(operator, left, right) => {
                write!(f, "({} {} {})", of(left), operator.name(), of(right))
            }
            Expression::In(value, literals) => {
                write!(f, "({} in (", of(value))?;
                list(f, literals.iter(), ",")?;
                f.write_str("))")
            }
            Expression::Not(inner) => write!(f, "(not {})", of(inner)),
            Expression::And(parts) => joined(f, parts.iter().map(of), " and "),
            Expression::Or(parts) => joined(f, parts.iter().map(of), " or "),
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: impl Iterator<Item = impl Display>,
    between: &str,
) -> fmt::Result {
    f.write_str("(")?;
    list(f, parts, between)?;
    f.write_str(")")
}

fn list(
    f: &mut fmt::Formatter<'_>,
    parts: impl Iterator<Item = impl Display>,
    between: &str,
) -> fmt::Result {
    for (n, part) in parts.enumerate() {
        if n > 0 {
            f.write_str(between)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}
