//! `$metadata`: the sets as CSDL 4.0 in XML.

use std::fmt::Write as _;

use crate::expression::Function;
use crate::{EntitySet, Type};

const NAMESPACE: &str = "Courtier";

/// Describes `sets`. Decimals have `precision` digits, `scale` of them after the point.
pub fn metadata(sets: &[EntitySet], precision: u8, scale: u8) -> String {
    let mut xml = String::from(
        r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml"><edmx:Include Namespace="Org.OData.Capabilities.V1" Alias="Capabilities"/></edmx:Reference>
<edmx:DataServices>
"#,
    );
    let mut push = |line: std::fmt::Arguments<'_>| {
        // A `String` takes everything.
        xml.write_fmt(line).unwrap_or_default();
        xml.push('\n');
    };
    push(format_args!(
        r#"<Schema Namespace="{NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">"#
    ));
    for set in sets {
        push(format_args!(r#"<EntityType Name="{}">"#, set.name));
        push(format_args!("<Key>"));
        for index in &set.key {
            push(format_args!(r#"<PropertyRef Name="{}"/>"#, set.properties[*index].name));
        }
        push(format_args!("</Key>"));
        for (index, property) in set.properties.iter().enumerate() {
            let required = if set.order.contains(&index) { r#" Nullable="false""# } else { "" };
            let (name, kind) = (property.name, property.kind);
            let facets = facets(kind, precision, scale);
            push(format_args!(
                r#"<Property Name="{name}" Type="{}"{facets}{required}/>"#,
                kind.edm()
            ));
        }
        push(format_args!("</EntityType>"));
    }
    push(format_args!(r#"<EntityContainer Name="Container">"#));
    for set in sets {
        push(format_args!(
            r#"<EntitySet Name="{0}" EntityType="{NAMESPACE}.{0}">{READ_ONLY}</EntitySet>"#,
            set.name
        ));
    }
    push(format_args!("{}", functions()));
    push(format_args!("</EntityContainer>"));
    push(format_args!("</Schema>"));
    push(format_args!("</edmx:DataServices>"));
    push(format_args!("</edmx:Edmx>"));
    xml
}

/// Nothing can be written, and nothing else can be reached from a row.
const READ_ONLY: &str = concat!(
    r#"<Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation>"#,
    r#"<Annotation Term="Capabilities.UpdateRestrictions"><Record><PropertyValue Property="Updatable" Bool="false"/></Record></Annotation>"#,
    r#"<Annotation Term="Capabilities.DeleteRestrictions"><Record><PropertyValue Property="Deletable" Bool="false"/></Record></Annotation>"#,
    r#"<Annotation Term="Capabilities.ExpandRestrictions"><Record><PropertyValue Property="Expandable" Bool="false"/></Record></Annotation>"#,
    r#"<Annotation Term="Capabilities.SearchRestrictions"><Record><PropertyValue Property="Searchable" Bool="false"/></Record></Annotation>"#,
);

/// Which functions a client may leave to us; it computes the others itself.
fn functions() -> String {
    let mut xml = String::from(r#"<Annotation Term="Capabilities.FilterFunctions"><Collection>"#);
    for function in Function::ALL {
        xml.extend(["<String>", function.name(), "</String>"]);
    }
    xml.push_str("</Collection></Annotation>");
    xml.push_str(r#"<Annotation Term="Capabilities.BatchSupported" Bool="false"/>"#);
    xml
}

fn facets(kind: Type, precision: u8, scale: u8) -> String {
    match kind {
        Type::Decimal => format!(r#" Precision="{precision}" Scale="{scale}""#),
        Type::Timestamp => r#" Precision="6""#.to_owned(),
        _ => String::new(),
    }
}
