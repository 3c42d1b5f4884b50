"""Rules as data, each with its source and date: language, reading, names, jurisdictions. Loaded once, never fetched."""
