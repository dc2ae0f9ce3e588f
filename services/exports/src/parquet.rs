//! Parquet: typed columns, compressed with zstd, in row groups that are small enough for memory to
//! stay flat. By the crate's own column writers, without Arrow: the rows come as bytes, and batches
//! of Arrow in between would be one more copy, and most of the crate's build.

mod column;

use std::sync::Arc;

use ::parquet::basic::{
    Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel,
};
use ::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{ColumnPath, Type, TypePtr};

use crate::copy::Fields;
use crate::encoder::Encoder;
use crate::{Column, DECIMAL_PRECISION, DECIMAL_SCALE, Kind, Table};
use column::Gathered;

/// A row group ends with the row that reaches one of these.
const GROUP_ROWS: usize = 65_536;
const GROUP_BYTES: usize = 8 * 1024 * 1024;

/// Files of one table, one after the other.
pub(crate) struct Parquet {
    schema: TypePtr,
    properties: WriterPropertiesPtr,
    /// The rows of the group in the making.
    columns: Vec<Gathered>,
    n_rows: usize,
    /// Holds the bytes of closed groups until they are taken.
    file: Option<SerializedFileWriter<Vec<u8>>>,
}

impl Parquet {
    pub(crate) fn new(table: &Table) -> Result<Self, String> {
        Ok(Self {
            schema: Arc::new(schema(table).map_err(told)?),
            properties: Arc::new(properties(table).map_err(told)?),
            columns: table.columns.iter().map(|column| Gathered::new(*column)).collect(),
            n_rows: 0,
            file: None,
        })
    }

    fn end_group(&mut self) -> Result<(), String> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut group = file.next_row_group().map_err(told)?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column().map_err(told)? else { break };
            column.write(writer.untyped()).map_err(told)?;
            writer.close().map_err(told)?;
        }
        group.close().map_err(told)?;
        self.n_rows = 0;
        Ok(())
    }
}

impl Encoder for Parquet {
    fn begin(&mut self, _: &mut Vec<u8>) -> Result<(), String> {
        let file = SerializedFileWriter::new(
            Vec::new(),
            Arc::clone(&self.schema),
            Arc::clone(&self.properties),
        );
        self.file = Some(file.map_err(told)?);
        Ok(())
    }

    fn row(&mut self, fields: &mut Fields<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        let mut n_bytes = 0;
        for column in &mut self.columns {
            let value = fields.next()?;
            column.push(value).map_err(|reason| format!("{}: {reason}", column.name()))?;
            n_bytes += column.n_bytes();
        }
        self.n_rows += 1;
        if self.n_rows < GROUP_ROWS && n_bytes < GROUP_BYTES {
            return Ok(());
        }
        self.end_group()?;
        // Nothing but finished groups is taken out of the writer, which counts on by itself.
        if let Some(file) = &mut self.file {
            file.flush().map_err(|error| error.to_string())?;
            out.append(file.inner_mut());
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        if self.n_rows > 0 {
            self.end_group()?;
        }
        let Some(file) = self.file.take() else { return Ok(()) };
        out.append(&mut file.into_inner().map_err(told)?);
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn told(error: ::parquet::errors::ParquetError) -> String {
    error.to_string()
}

/// Each column may be null.
fn schema(table: &Table) -> ::parquet::errors::Result<Type> {
    let fields = table.columns.iter().map(|column| field(column).map(Arc::new));
    let fields = fields.collect::<Result<_, _>>()?;
    Type::group_type_builder(table.name).with_fields(fields).build()
}

/// A UUID is a text: Power Query would show the type of its own as bytes.
fn field(column: &Column) -> ::parquet::errors::Result<Type> {
    let (precision, scale) = (DECIMAL_PRECISION.into(), DECIMAL_SCALE.into());
    let (physical, logical) = match column.kind {
        Kind::Text | Kind::Key | Kind::Uuid => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Decimal => (Physical::INT64, Some(LogicalType::decimal(scale, precision))),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        // Adjusted to UTC: an instant, and not a time of no zone.
        Kind::Timestamp => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    let decimal = matches!(column.kind, Kind::Decimal);
    Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .with_precision(if decimal { precision } else { -1 })
        .with_scale(if decimal { scale } else { -1 })
        .build()
}

fn properties(table: &Table) -> ::parquet::errors::Result<WriterProperties> {
    let mut properties = WriterProperties::builder()
        .set_created_by("courtier".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_dictionary_enabled(false);
    for column in table.columns.iter().filter(|column| repeats(column)) {
        let path = ColumnPath::from(column.name);
        properties = properties.set_column_dictionary_enabled(path.clone(), true);
        if column.kind != Kind::Uuid {
            // The smallest and largest of names that stand in nearly every file rule no file out.
            properties = properties.set_column_statistics_enabled(path, EnabledStatistics::None);
        }
    }
    Ok(properties.build())
}

/// Whether many rows share a value, so that a dictionary pays.
fn repeats(column: &Column) -> bool {
    match column.kind {
        Kind::Key | Kind::Uuid => true,
        Kind::Text => !matches!(column.name, "ticket_id" | "time_entry_id" | "summary"),
        _ => false,
    }
}
