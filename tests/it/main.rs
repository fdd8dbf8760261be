mod against_sql;
fn main() {}
