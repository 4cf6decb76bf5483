"""One article under many addresses, and one text in many outlets: address keys and fingerprints."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("articles", sa.Column("edited_from", sa.BigInteger(), nullable=True))
    op.add_column("articles", sa.Column("address_key", sa.Text(), nullable=True))
    op.create_index("ix_articles_edited_from", "articles", ["edited_from"])
    op.create_index("ix_articles_address_key", "articles", ["address_key"])
    op.create_table(
        "fingerprints",
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_fingerprints_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("fingerprint", "article_id", name="pk_fingerprints"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fingerprints_article_id", "fingerprints", ["article_id"])
