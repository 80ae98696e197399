"""Human labels: what is asked of people, what they said, and what follows for the rates."""
