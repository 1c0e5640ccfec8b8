//! Pages, one file or folder for each.
