"""Former places of people and households with their days, merged people, and pairs that are not the same."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS: tuple[str, ...] = (
    """ALTER TABLE citizen ADD COLUMN merged_into_id INTEGER REFERENCES citizen (id)""",
    """CREATE INDEX ix_citizen_merged_into ON citizen (merged_into_id) WHERE merged_into_id IS NOT NULL""",
    """CREATE TABLE residence (
    id INTEGER NOT NULL,
    uid BLOB NOT NULL,
    present BOOLEAN DEFAULT '1' NOT NULL,
    citizen_id INTEGER,
    household_id INTEGER,
    relation TEXT,
    since TEXT,
    until TEXT,
    reason TEXT,
    place TEXT,
    note TEXT,
    CONSTRAINT pk_residence PRIMARY KEY (id),
    CONSTRAINT uq_residence_uid UNIQUE (uid),
    CONSTRAINT fk_residence_citizen_id_citizen FOREIGN KEY(citizen_id) REFERENCES citizen (id),
    CONSTRAINT fk_residence_household_id_household FOREIGN KEY(household_id) REFERENCES household (id)
)""",
    """CREATE INDEX ix_residence_citizen_id ON residence (citizen_id)""",
    """CREATE INDEX ix_residence_household_id ON residence (household_id)""",
    """CREATE TABLE household_place (
    id INTEGER NOT NULL,
    uid BLOB NOT NULL,
    present BOOLEAN DEFAULT '1' NOT NULL,
    household_id INTEGER,
    hamlet_id INTEGER,
    address TEXT,
    since TEXT,
    until TEXT,
    reason TEXT,
    note TEXT,
    CONSTRAINT pk_household_place PRIMARY KEY (id),
    CONSTRAINT uq_household_place_uid UNIQUE (uid),
    CONSTRAINT fk_household_place_household_id_household FOREIGN KEY(household_id) REFERENCES household (id),
    CONSTRAINT fk_household_place_hamlet_id_hamlet FOREIGN KEY(hamlet_id) REFERENCES hamlet (id)
)""",
    """CREATE INDEX ix_household_place_hamlet_id ON household_place (hamlet_id)""",
    """CREATE INDEX ix_household_place_household_id ON household_place (household_id)""",
    """CREATE TABLE distinct_pair (
    id INTEGER NOT NULL,
    uid BLOB NOT NULL,
    present BOOLEAN DEFAULT '1' NOT NULL,
    first_id INTEGER,
    second_id INTEGER,
    note TEXT,
    CONSTRAINT pk_distinct_pair PRIMARY KEY (id),
    CONSTRAINT uq_distinct_pair_uid UNIQUE (uid),
    CONSTRAINT fk_distinct_pair_first_id_citizen FOREIGN KEY(first_id) REFERENCES citizen (id),
    CONSTRAINT fk_distinct_pair_second_id_citizen FOREIGN KEY(second_id) REFERENCES citizen (id)
)""",
    """CREATE INDEX ix_distinct_pair_first_id ON distinct_pair (first_id)""",
    """CREATE INDEX ix_distinct_pair_second_id ON distinct_pair (second_id)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
