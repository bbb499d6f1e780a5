"""People who stand in the register twice: found, compared, made one and made two again."""
