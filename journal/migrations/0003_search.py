"""How text becomes a search vector and what people type becomes a query: the same for commands and bulk loading."""

from django.db import migrations, models

VECTOR = """
CREATE FUNCTION search_vector(names text, title text, body text, pairs text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.simple', pairs), 'A')
      || setweight(to_tsvector('pg_catalog.simple', names), 'A')
      || setweight(to_tsvector('pg_catalog.swedish', names || ' ' || title), 'A')
      || setweight(to_tsvector('pg_catalog.english', names || ' ' || title), 'A')
      || setweight(to_tsvector('pg_catalog.swedish', body), 'C')
      || setweight(to_tsvector('pg_catalog.english', body), 'C')
$$;
"""

QUERY = """
CREATE FUNCTION search_query(words text, beginning text, pairs text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (
      websearch_to_tsquery('pg_catalog.swedish', words) || websearch_to_tsquery('pg_catalog.english', words)
      || to_tsquery('pg_catalog.swedish', beginning) || to_tsquery('pg_catalog.english', beginning)
      || to_tsquery('pg_catalog.simple', beginning)
  ) && to_tsquery('pg_catalog.simple', pairs)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.RunSQL(VECTOR, "DROP FUNCTION search_vector(text, text, text, text)"),
        migrations.RunSQL(QUERY, "DROP FUNCTION search_query(text, text, text)"),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(fields=["-at"], condition=models.Q(("is_open", False)), name="search_closed"),
        ),
    ]
