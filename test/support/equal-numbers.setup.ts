import "./equal-numbers.js";
