"""How paper looks: layouts of printers and the words in their languages."""
