//! Files of data lakes: records kept by column, or in blocks under a schema.

pub(super) mod avro;
pub(super) mod parquet;
