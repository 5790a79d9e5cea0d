"""How pages look and behave: components, layouts, forms, `@reads` and `@writes`; knows no business."""
