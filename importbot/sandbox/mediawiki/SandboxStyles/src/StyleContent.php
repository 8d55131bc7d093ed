<?php
namespace SandboxStyles;

use CssContent;

class StyleContent extends CssContent {
	public function __construct( $text, $modelId = 'sanitized-css' ) {
		parent::__construct( $text, $modelId );
	}
}
