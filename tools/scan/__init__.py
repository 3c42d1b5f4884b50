"""Looks at what came back: text, faces, speech, nudity, the product. What was not looked at is never called clean."""
