"""Documents as PDF: certificates and lists, with their fonts and QR codes."""
