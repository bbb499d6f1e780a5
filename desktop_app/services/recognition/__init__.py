"""From a passed assessment to a decision, a numbered certificate and the register book."""
