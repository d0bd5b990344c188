UPDATE entry SET folded = 0;
