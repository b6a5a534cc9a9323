"""Pictures that owners upload: taken in, made into sizes, kept in a storage, shown, forgotten."""
