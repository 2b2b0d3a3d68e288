//! Results as they are read.

use super::*;
use datafusion::arrow::array::*;
use datafusion::arrow::datatypes::{Int32Type, Schema, TimeUnit};
use std::sync::Arc;

fn batch() -> RecordBatch {
    let utc = TimestampMicrosecondArray::from(vec![Some(1_767_592_800_123_000), None]).with_timezone("UTC");
    let india = TimestampMicrosecondArray::from(vec![Some(1_767_592_800_000_000), None]).with_timezone("Asia/Kolkata");
    let local = TimestampMicrosecondArray::from(vec![Some(0), None]);
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1), None]), None]);
    let decimal = Decimal128Array::from(vec![Some(12345), None]).with_precision_and_scale(10, 2).expect("a decimal");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("t", Arc::new(StringViewArray::from(vec![Some("a,\"b\"\n"), Some("")]))),
        ("i", Arc::new(Int64Array::from(vec![Some(9_007_199_254_740_993), Some(-5)]))),
        ("n", Arc::new(Float64Array::from(vec![Some(0.1), Some(f64::NAN)]))),
        ("b", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("utc", Arc::new(utc)),
        ("india", Arc::new(india)),
        ("local", Arc::new(local)),
        ("d", Arc::new(Date32Array::from(vec![Some(20_780), None]))),
        ("l", Arc::new(list)),
        ("m", Arc::new(decimal)),
        ("none", Arc::new(NullArray::new(2))),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, array)| array).collect())
        .expect("a batch")
}

fn written(format: Format, batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut output = open(format, &batch.schema(), &mut bytes).expect("opened");
    output.write(batch).expect("written");
    output.finish().expect("finished");
    bytes
}

#[test]
fn cells_are_json_that_loses_nothing() {
    let rows: serde_json::Value = serde_json::from_slice(&written(Format::Json, &batch())).expect("JSON");
    assert_eq!(
        rows,
        serde_json::json!([
            [
                "a,\"b\"\n",
                "9007199254740993",
                0.1,
                true,
                "2026-01-05T06:00:00.123Z",
                "2026-01-05T11:30:00+05:30",
                "1970-01-01T00:00:00",
                "2026-11-23",
                "[1,null]",
                123.45,
                null
            ],
            ["", -5, "NaN", null, null, null, null, null, null, null, null]
        ])
    );
    let kinds: Vec<_> = columns_of(&batch().schema()).into_iter().map(|column| column.kind).collect();
    use OutputType::*;
    assert_eq!(kinds, [Text, Integer, Number, Boolean, Timestamp, Timestamp, Timestamp, Date, Json, Number, Other]);
}

#[test]
fn csv_tells_null_from_empty_and_doubles_quotes() {
    let text = String::from_utf8(written(Format::Csv, &batch())).expect("UTF-8");
    let expected = "t,i,n,b,utc,india,local,d,l,m,none\r\n\
        \"a,\"\"b\"\"\n\",9007199254740993,0.1,true,2026-01-05T06:00:00.123Z,2026-01-05T11:30:00+05:30,1970-01-01T00:00:00,2026-11-23,\"[1,null]\",123.45,\r\n\
        \"\",-5,NaN,,,,,,,,\r\n";
    assert_eq!(text, expected);
}

#[test]
fn parquet_keeps_types_and_makes_names_unique() {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let schema = Schema::new(["id", "id", "id_2"].map(|name| Field::new(name, DataType::Int64, false)).to_vec());
    let batch = RecordBatch::try_new(Arc::new(schema), vec![ids.clone(), ids.clone(), ids]).expect("a batch");
    let bytes = bytes::Bytes::from(written(Format::Parquet, &batch));
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes).expect("Parquet");
    let names: Vec<_> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["id", "id_3", "id_2"]);
    assert_eq!(reader.schema().field(0).data_type(), &DataType::Int64);
    let whole = written(Format::Parquet, &self::batch().project(&(0..10).collect::<Vec<_>>()).expect("projected"));
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(whole));
    let read = reader.expect("Parquet").build().expect("a reader").next().expect("a batch").expect("read");
    assert_eq!(read.num_rows(), 2);
    assert_eq!(read.column(4).data_type(), &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
}
