"""The issues of the letters ÉduNum, as they are composed: what is picked, in which order, and when it leaves."""
