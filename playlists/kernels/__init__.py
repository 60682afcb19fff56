"""What arcs cost, and what they cost beyond potentials: compiled loops over millions of them."""
