"""A very large organisation for measuring: lives that the verbs really made, multiplied, with words of their own."""
