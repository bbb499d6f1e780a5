"""The national site (congdanhoctap.vn) without a connection: its fields as data, its lists beside the register."""
