"""Code shared by plug-ins that adapt the same thing: neighbours do not import each other, they meet here."""
