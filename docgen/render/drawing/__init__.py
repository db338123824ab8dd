"""From form and outline to a well-set template in house style."""
