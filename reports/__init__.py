"""Everything between the result tables and the reader: schemas, figures, sentences, the HTML and PDF report."""
