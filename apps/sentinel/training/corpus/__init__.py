"""Makes the texts that the content model learns from: ordinary ones out of packages that anyone can fetch, attacks by grammars."""
