//! How a result is told: the JSON report, the summary, findings and subjects files.
