"""What the database brings before the first table: Spanish search without accents, and Spanish order."""

SPANISH = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TEXT SEARCH CONFIGURATION es (COPY = spanish);
ALTER TEXT SEARCH CONFIGURATION es
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
CREATE FUNCTION sort_key(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT public.unaccent('public.unaccent', replace(lower($1), 'ñ', 'n~'))
$$;
"""

BACK = """
DROP FUNCTION sort_key(text);
DROP TEXT SEARCH CONFIGURATION es;
"""
