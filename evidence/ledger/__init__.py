"""What every write shares: derived status, data version, search rows, audit reason."""
