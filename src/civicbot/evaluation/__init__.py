"""What the product is worth, in figures: question sets and public benchmarks."""
