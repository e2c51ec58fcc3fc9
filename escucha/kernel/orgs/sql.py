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

# As they are compared: no capitals, no accents, nothing between words but one space. They are declared immutable, which
# `unaccent` is not only because its dictionary could be changed; every name in them says its schema, so that a dump is
# read back whatever its search path is.
WORDS = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE OR REPLACE FUNCTION plain_words(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT pg_catalog.btrim(pg_catalog.regexp_replace(
    pg_catalog.lower(public.unaccent('public.unaccent', said)), '[^a-z0-9]+', ' ', 'g'))
$$;
CREATE OR REPLACE FUNCTION spanish_sound(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT pg_catalog.regexp_replace(pg_catalog.translate(pg_catalog.replace(pg_catalog.regexp_replace(
    pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.regexp_replace(
      word, 'ch', 'X', 'g'), 'qu|c(?![ei])', 'k', 'g'), 'g(?=[ei])', 'j', 'g'), 'gu(?=[ei])', 'g', 'g'), 'h', '', 'g'),
    'll', 'y'), 'vzcxqw', 'bssskb'), '(.)\\1+', '\\1', 'g')
$$;
"""

WORDS_BACK = """
DROP FUNCTION spanish_sound(text);
DROP FUNCTION plain_words(text);
"""
