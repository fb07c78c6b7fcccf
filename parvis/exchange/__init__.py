"""The office's information system: deliveries in and out."""
