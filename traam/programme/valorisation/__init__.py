"""What is made of the work: national syntheses of the themes and the letters ÉduNum, until they are public."""
