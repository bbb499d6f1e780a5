"""What a person corrects in the preview, read by the same parsers as the file; no second reading."""
