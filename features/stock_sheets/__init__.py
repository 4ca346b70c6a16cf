"""Stock as a sheet: CSV for spreadsheets, out and in."""
